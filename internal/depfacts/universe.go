package depfacts

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// universe holds the types that dependencies are checked against: those that the
// load has read from export data, and more of the same where it left them out.
// No type of an analysed package is among them, nor one that mentions such: what
// a package looks like from its own source is not what others have seen of it.
type universe struct {
	sync.Mutex // held while a package is checked, which may read others
	fset       *token.FileSet
	packages   map[string]*types.Package
}

// newUniverse returns the types of what is below the roots, apart from the
// analysed packages and those that import them.
func newUniverse(roots []*packages.Package, analysed map[*packages.Package]bool) *universe {
	u := &universe{fset: token.NewFileSet(), packages: make(map[string]*types.Package)}
	sees := make(map[*packages.Package]bool) // an analysed package
	packages.Visit(roots, nil, func(pkg *packages.Package) {
		sees[pkg] = analysed[pkg]
		for _, imp := range pkg.Imports {
			sees[pkg] = sees[pkg] || sees[imp]
		}
		if !sees[pkg] && !pkg.IllTyped && pkg.Types != nil && pkg.ID == pkg.PkgPath {
			u.packages[pkg.PkgPath] = pkg.Types
		}
	})
	return u
}

// read returns the package of which pkg tells the export data.
func (u *universe) read(pkg *packages.Package) (*types.Package, error) {
	if pkg.PkgPath == "unsafe" {
		return types.Unsafe, nil
	}
	if have := u.packages[pkg.PkgPath]; have != nil && have.Complete() {
		return have, nil
	}
	f, err := os.Open(pkg.ExportFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(r, u.fset, u.packages, pkg.PkgPath)
}

// check type-checks a dependency from the syntax of its source.
func (u *universe) check(d *dependency, fset *token.FileSet, files []*ast.File) (*types.Package, *types.Info) {
	info := &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:       make(map[ast.Node]*types.Scope),
		FileVersions: make(map[*ast.File]string),
	}
	sound := true
	cfg := &types.Config{
		Importer: importer(func(path string) (*types.Package, error) {
			imp := d.Imports[path]
			if imp == nil {
				if path == "unsafe" {
					return types.Unsafe, nil
				}
				return nil, fmt.Errorf("no package %s", path)
			}
			return u.read(imp)
		}),
		Sizes: d.TypesSizes,
		Error: func(err error) {
			if e := (types.Error{}); !errors.As(err, &e) || !e.Soft { // soft: an import that only bodies taken off had used
				sound = false
			}
		},
	}
	if d.Module != nil && d.Module.GoVersion != "" {
		cfg.GoVersion = "go" + d.Module.GoVersion
	}
	u.Lock()
	defer u.Unlock()
	pkg, _ := cfg.Check(d.PkgPath, fset, files, info)
	if !sound {
		return nil, nil
	}
	return pkg, info
}

// importer is a types.Importer made of a function.
type importer func(path string) (*types.Package, error)

// Import implements types.Importer.
func (f importer) Import(path string) (*types.Package, error) { return f(path) }
