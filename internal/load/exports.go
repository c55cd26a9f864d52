package load

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// Exports holds the types of packages that are known from their export data. No
// package that is type-checked from its source mixes with them: what a package
// looks like from its own source is not what others have seen of it.
type Exports struct {
	fset *token.FileSet

	// mu is held while a package is read, which may add to others that are known
	// in part. One that is complete does not change, so that another can be
	// type-checked against it meanwhile.
	mu       sync.RWMutex
	packages map[string]*types.Package
	complete sync.Map // of those packages, by path
}

func newExports(fset *token.FileSet) *Exports {
	return &Exports{fset: fset, packages: make(map[string]*types.Package)}
}

// Hold runs f, which may look at packages that are known in part, while none is
// read. f must not import any.
func (e *Exports) Hold(f func()) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	f()
}

// read returns the types of a package, from the export data that the go command has
// listed.
func (e *Exports) read(pkg *packages.Package) (*types.Package, error) {
	if have, ok := e.complete.Load(pkg.PkgPath); ok {
		return have.(*types.Package), nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if have := e.packages[pkg.PkgPath]; have != nil && have.Complete() {
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
	read, err := gcexportdata.Read(r, e.fset, e.packages, pkg.PkgPath)
	if err == nil {
		e.complete.Store(pkg.PkgPath, read)
	}
	return read, err
}

// Importer returns what resolves the imports of a package, which sees the
// packages below it as their export data has them.
func (e *Exports) Importer(pkg *packages.Package) types.Importer {
	return importer(func(path string) (*types.Package, error) {
		switch imp := pkg.Imports[path]; {
		case path == "unsafe":
			return types.Unsafe, nil
		case imp == nil:
			return nil, fmt.Errorf("no package %s", path)
		default:
			return e.read(imp)
		}
	})
}

// importer is a types.Importer made of a function.
type importer func(path string) (*types.Package, error)

// Import implements types.Importer.
func (f importer) Import(path string) (*types.Package, error) { return f(path) }
