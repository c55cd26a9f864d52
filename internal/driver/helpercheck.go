package driver

import (
	"fmt"

	"golang.org/x/tools/go/packages"
)

// checkHelper has fixes do without the copy of the helper that -helper or the settings
// file names if that is missing, or does not compile with the go version of its module, and
// says so: each fix that imports it would be undone, or break the build.
func (p *program) checkHelper(o *options, dir string) {
	switch o.settings.Helper {
	case "", "auto", "always", "never":
		return
	}
	helper := o.settings.Helper
	if why := o.unusable(helper, dir); why != "" {
		fmt.Fprintf(p.stderr, "toctou: fixes that need %s are not offered: %s\n", helper, why)
		o.settings.Helper = "never"
	}
}

// unusable returns why a package cannot be imported, or "".
func (o *options) unusable(path, dir string) string {
	cfg := &packages.Config{Mode: packages.LoadSyntax, Dir: dir}
	if o.tags != "" {
		cfg.BuildFlags = []string{"-tags=" + o.tags}
	}
	pkgs, err := packages.Load(cfg, path)
	switch {
	case err != nil:
		return oneLine(err.Error())
	case len(pkgs) != 1:
		return "it does not name a single package"
	case len(pkgs[0].Errors) > 0:
		return describeErrors(dir, pkgs[0])
	case pkgs[0].Types == nil || pkgs[0].Types.Scope().Lookup("WriteFile") == nil:
		return "it is not a copy of the helper package"
	}
	return ""
}
