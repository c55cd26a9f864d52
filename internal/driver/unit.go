package driver

import (
	"encoding/json"
	"fmt"
	"go/build"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/depfacts"
	"github.com/edcacfbd/toctou/internal/fsapi"
)

// A unit is a package as the go command describes it to a vet tool.
type unit struct {
	unitchecker.Config
}

// readUnit reads the description of a package. Fields that it does not know
// are passed over: a newer go command may send more.
func readUnit(file string) (*unit, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	u := new(unit)
	if err := json.Unmarshal(data, &u.Config); err != nil {
		return nil, fmt.Errorf("%s is not a package description of the go command, or of a newer one: %w", file, err)
	}
	if len(u.GoFiles) == 0 {
		return nil, fmt.Errorf("%s describes a package without Go files", file)
	}
	return u, nil
}

// mayHaveFacts reports whether there can be a fact about a function of the
// package. The standard library's functions are in the table instead. Any other
// function can only have a fact if it calls a function of the table or one with a fact.
// So the imports decide, and for a package of another module also its text, as in package
// depfacts. Three in four of a program's dependencies end here, before they are parsed.
func (u *unit) mayHaveFacts(table *fsapi.Table) bool {
	if u.standard() {
		return false
	}
	for _, facts := range u.PackageVetx {
		// The analysis reports a file that cannot be read.
		if info, err := os.Stat(facts); err != nil || info.Size() > 0 {
			return true
		}
	}
	known := table.Packages()
	for _, path := range u.ImportMap {
		if known[path] && !(u.dependency() && u.Standard[path]) {
			return true // the name of another module's package is not known here
		}
	}
	return depfacts.Touches(u.listed(), table)
}

// dependency reports whether the package is of a module that another requires.
func (u *unit) dependency() bool {
	return u.ModuleVersion != "" || u.Module != nil && u.Module.Version != ""
}

// listed is the package as a listing has it, as far as its text needs that.
func (u *unit) listed() *packages.Package {
	pkg := &packages.Package{CompiledGoFiles: u.GoFiles, Imports: make(map[string]*packages.Package)}
	for path, resolved := range u.ImportMap {
		pkg.Imports[path] = &packages.Package{PkgPath: resolved}
	}
	return pkg
}

// standard reports whether the package is of the standard library: whether
// its files are below GOROOT. Neither its path nor the lack of a module distinguishes it
// from files named on a command line.
func (u *unit) standard() bool {
	src := filepath.Join(goroot(), "src") + string(filepath.Separator)
	if u.Dir != "" {
		return strings.HasPrefix(u.Dir+string(filepath.Separator), src)
	}
	for _, file := range u.GoFiles {
		if !strings.HasPrefix(file, src) { // may be made by cgo, elsewhere
			return false
		}
	}
	return true
}

// goroot returns the root of the Go tree in use, which the go command passes to its tools
// in the environment.
func goroot() string {
	if root := os.Getenv("GOROOT"); root != "" {
		return filepath.Clean(root)
	}
	return build.Default.GOROOT
}

// writeNoFacts writes the facts file of a package without facts: an empty
// file is one.
func (u *unit) writeNoFacts() error {
	if u.VetxOutput == "" {
		return nil
	}
	return os.WriteFile(u.VetxOutput, nil, 0o666)
}
