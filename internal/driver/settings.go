package driver

import (
	"errors"
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/internal/race"
)

// configure reads the settings file for a run in the directory dir, and sets o
// to what it says, except for what the flags fs have said.
func (o *options) configure(fs *flag.FlagSet, dir string) error {
	if err := o.implyStrict(givenFlags(fs)); err != nil {
		return err
	}
	file, err := o.settingsFile(dir)
	if err != nil || file == "" {
		return err
	}
	return inDir(dir, o.read(file, fs))
}

// givenFlags returns the names of the flags that were set.
func givenFlags(fs *flag.FlagSet) map[string]bool {
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return given
}

// implyStrict puts the passes that the flags name into strict mode if all of them
// report in strict mode alone. Otherwise
//
//	toctou -walkrace ./...
//
// could report nothing. A flag such as -strict=false or -walkrace.strict=false has
// precedence.
func (o *options) implyStrict(given map[string]bool) error {
	var named []*analysis.Analyzer
	for i, a := range o.analyzers {
		if o.choices[i] == choiceOn {
			named = append(named, a)
		}
	}
	if given["strict"] || slices.ContainsFunc(named, func(a *analysis.Analyzer) bool { return !race.StrictOnly(race.Kind(a.Name)) }) {
		return nil
	}
	for _, a := range named {
		if name := a.Name + ".strict"; !given[name] {
			if err := a.Flags.Set("strict", "true"); err != nil {
				return err
			}
		}
	}
	return nil
}

// inDir shortens the name of the settings file in an error.
func inDir(dir string, err error) error {
	var e *config.Error
	if errors.As(err, &e) {
		return &config.Error{File: relative(dir, e.File), Line: e.Line, Err: e.Err}
	}
	return err
}

// settingsFile returns the settings file for a run in the directory dir, or "".
func (o *options) settingsFile(dir string) (string, error) {
	file := o.config
	if file == "" {
		file = os.Getenv(config.Variable)
	}
	switch {
	case file == config.None:
		return "", nil
	case file == "":
		return config.Find(dir)
	case !filepath.IsAbs(file):
		return filepath.Join(dir, file), nil // -C comes first, as in the go command
	}
	return file, nil
}

// read sets o to what the settings file says, except for what the flags fs
// have said.
func (o *options) read(file string, fs *flag.FlagSet) error {
	names := make([]string, len(o.analyzers))
	for i, a := range o.analyzers {
		names[i] = a.Name
	}
	s, err := config.Read(file, names)
	if err != nil {
		return err
	}
	given := givenFlags(fs)
	for i, a := range o.analyzers {
		switch s.Passes[a.Name] {
		case config.Off:
			if o.choices[i] == choiceNone {
				o.choices[i] = choiceOff
			}
		case config.Strict:
			strict := a.Flags.Lookup("strict")
			if strict == nil {
				return &config.Error{File: file, Err: fmt.Errorf("the pass %s has no strict mode", a.Name)}
			}
			if name := a.Name + ".strict"; !given[name] {
				if err := strict.Value.Set("true"); err != nil {
					return err
				}
			}
		}
	}
	o.file = s
	return s.Apply(&o.settings, given)
}

// checkRows compares what the settings file says of functions with those of
// the packages that are loaded.
func (o *options) checkRows(dir string, pkgs []*packages.Package) error {
	if o.file == nil || len(o.file.Functions) == 0 {
		return nil
	}
	named := make(map[string]*packages.Package)
	modules := make(map[string]bool)
	imported := make(map[string]*types.Package)
	for _, pkg := range pkgs {
		if pkg.Types == nil {
			continue
		}
		named[pkg.Types.Path()] = pkg
		if pkg.Module != nil {
			modules[pkg.Module.Path] = true
		}
		for _, imp := range pkg.Types.Imports() {
			imported[imp.Path()] = imp
		}
	}
	return inDir(dir, o.file.Check(func(path string) (*types.Package, config.Seen) {
		if pkg := named[path]; pkg != nil {
			return pkg.Types, seen(pkg.IgnoredFiles)
		}
		return importedPackage(imported[path], modules)
	}))
}

// seen is what is seen of a package whose source is loaded but for some files.
func seen(ignored []string) config.Seen {
	if len(ignored) > 0 {
		return config.Part
	}
	return config.Whole
}

// importedPackage returns a package that is known from its export data, if that is
// complete. In a package of the analyzed modules, a function may exist only on another
// system; a run that names the package itself finds that out.
func importedPackage(pkg *types.Package, modules map[string]bool) (*types.Package, config.Seen) {
	if pkg == nil || !pkg.Complete() {
		return nil, config.Part
	}
	for module := range modules {
		if pkg.Path() == module || strings.HasPrefix(pkg.Path(), module+"/") {
			return pkg, config.Part
		}
	}
	return pkg, config.Exported
}

// configureUnit is configure for a package that go vet hands over. It runs in
// the package's folder, wherever the user is. A dependency's own settings are
// none of the user's.
func (o *options) configureUnit(fs *flag.FlagSet, u *unit) error {
	if o.config != "" && o.config != config.None {
		return fmt.Errorf("under go vet, set %s=%s in the environment instead: the cache of go vet does not notice changes of a file named by a flag", config.Variable, o.config)
	}
	if file := os.Getenv(config.Variable); file != "" {
		if file != config.None && !filepath.IsAbs(file) {
			return fmt.Errorf("%s=%s: want an absolute path under go vet, which runs in the directory of each package", config.Variable, file)
		}
	} else if u.ModuleVersion != "" || u.Dir == "" || u.standard() {
		return nil
	}
	return o.configure(fs, u.Dir)
}

// rowsAnalyzer returns an analyzer that is checkRows for one package under go
// vet, which type-checks within an analysis only.
func (o *options) rowsAnalyzer() *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: "toctousettings",
		Doc:  "check the settings against the functions that they describe",
		Run: func(pass *analysis.Pass) (any, error) {
			modules := make(map[string]bool)
			if pass.Module != nil {
				modules[pass.Module.Path] = true
			}
			err := o.file.Check(func(path string) (*types.Package, config.Seen) {
				if path == pass.Pkg.Path() {
					return pass.Pkg, seen(pass.IgnoredFiles)
				}
				for _, imp := range pass.Pkg.Imports() {
					if imp.Path() == path {
						return importedPackage(imp, modules)
					}
				}
				return nil, config.Part
			})
			return nil, err
		},
	}
}

// hashSettings returns a text that identifies the settings of a run of go vet in the
// directory dir.
func hashSettings(dir string) string {
	text := ""
	for _, file := range config.All(dir) {
		data, err := os.ReadFile(file)
		text += fmt.Sprintf("%q %q %v\n", file, data, errors.Is(err, os.ErrNotExist))
	}
	return text
}
