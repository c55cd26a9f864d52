package driver

import (
	"fmt"
	"go/build/constraint"
	"go/token"
	"go/version"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/semver"

	"github.com/edcacfbd/toctou/internal/helpersrc"
	"github.com/edcacfbd/toctou/internal/reach"
)

// helper writes the package that fixes use into the user's own module, for
// those who want no dependency.
func (p *program) helper(args []string) int {
	if isHelp(args) {
		return p.help([]string{"helper"})
	}
	if len(args) != 1 || len(args[0]) > 0 && args[0][0] == '-' {
		return p.failf("usage: toctou helper DIR")
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return p.failf("%v", err)
	}
	importPath, own, err := importPathOf(dir)
	if err != nil {
		return p.failf("%v", err)
	}
	needs, err := modfile.Parse("go.mod", helpersrc.Module(), nil)
	if err != nil {
		return p.failf("%v", err)
	}
	name := filepath.Base(dir)
	if !token.IsIdentifier(name) {
		return p.failf("%s: the last element is not a valid package name", args[0])
	}
	if err := vacant(dir); err != nil {
		return p.failf("%v", err)
	}
	language := languageOf(own)
	older := version.Compare("go"+language, "go"+needs.Go.Version) < 0
	if err := writeHelper(dir, name, needs.Go.Version, older); err != nil {
		return p.failf("%v", err)
	}
	fmt.Fprintf(p.stdout, "wrote package %s; it needs Go %s\n", importPath, needs.Go.Version)
	if older {
		fmt.Fprintf(p.stdout, "go.mod says go %s, which stays: each file has //go:build go%s\n", language, needs.Go.Version)
	}
	for _, r := range needs.Require {
		if have := required(own, r.Mod.Path); semver.Compare(have, r.Mod.Version) < 0 {
			fmt.Fprintf(p.stdout, "it imports %s: go get %s@%s\n", r.Mod.Path, r.Mod.Path, r.Mod.Version)
		}
	}
	fmt.Fprintf(p.stdout, "to apply fixes: toctou fix -helper=%s ./...\nor add this line to .toctou.yml: helper: %s\n", importPath, importPath)
	return exitClean
}

// importPathOf returns the path by which the module around dir imports it, and the
// go.mod of that module.
func importPathOf(dir string) (importPath string, mod *modfile.File, err error) {
	file := reach.Find(dir, "go.mod")
	if file == "" {
		return "", nil, errNoModule(dir)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	mod, err = modfile.ParseLax(file, data, nil)
	rel, rerr := filepath.Rel(filepath.Dir(file), dir)
	if err != nil || rerr != nil || mod.Module == nil {
		return "", nil, fmt.Errorf("%s has no module path", file)
	}
	return path.Join(mod.Module.Mod.Path, filepath.ToSlash(rel)), mod, nil
}

// languageOf returns the version of the language that a module is written in.
func languageOf(mod *modfile.File) string {
	if mod.Go == nil {
		return "1.16" // without a go directive (go.dev/ref/mod)
	}
	return mod.Go.Version
}

// required returns the version at which a module requires another one, or "".
func required(mod *modfile.File, path string) string {
	for _, r := range mod.Require {
		if r.Mod.Path == path {
			return r.Mod.Version
		}
	}
	return ""
}

// vacant checks that nothing is in the directory that could be overwritten.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s is not empty", dir)
	}
	return err
}

// packageClause is the first line of a file that is no comment.
var packageClause = regexp.MustCompile(`(?m)^package atomicfix$`)

// writeHelper writes the files of the helper. In an older module each file gets
// a build constraint, which gives it the language of that version of Go:
//
//	//go:build linux    becomes    //go:build go1.25 && linux
func writeHelper(dir, name, needs string, older bool) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, file := range helpersrc.Files() {
		text := packageClause.ReplaceAll(file.Data, []byte("package "+name))
		if older && strings.HasSuffix(file.Name, ".go") {
			text = constrain(text, "go"+needs)
		}
		if err := createFile(filepath.Join(dir, file.Name), text); err != nil {
			return err
		}
	}
	return nil
}

// constrain adds a tag to the constraint of a file, or gives it one.
func constrain(text []byte, tag string) []byte {
	line, rest, _ := strings.Cut(string(text), "\n")
	expr, err := constraint.Parse(line)
	if err != nil {
		return []byte("//go:build " + tag + "\n\n" + string(text))
	}
	both := &constraint.AndExpr{X: &constraint.TagExpr{Tag: tag}, Y: expr}
	return []byte("//go:build " + both.String() + "\n" + rest)
}

// createFile writes a file that must not exist.
func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
