// Package load brings the packages that a run is about into memory, one after
// the other, and lets go of each when it has been dealt with: syntax, types of
// expressions and what an analysis makes of them are most of what a run holds.
//
// Package packages would load all of them before the first is analyzed. It is still
// used to list them with the go command; see [List].
package load

import (
	"go/token"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// listMode requests what the go command knows. Dependencies are type-checked
// from export data, which its cache has from the last build: the difference
// between two seconds and twenty for a mid-size server.
const listMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
	packages.NeedImports | packages.NeedTypesSizes | packages.NeedModule | packages.NeedExportFile

// A Config says what to load.
type Config struct {
	Dir      string   // to run the go command in
	Env      []string // of the go command; nil for that of the process
	Tags     string   // build tags, separated by commas
	Tests    bool     // the test files, too
	Overlay  map[string][]byte
	Patterns []string
}

// A Program is the packages that patterns name, and all below them.
type Program struct {
	// Packages are the named ones, in the order of the go command, without the
	// programs that go test generates. They have syntax only while they are used;
	// see [Program.Each].
	Packages []*packages.Package

	// Exports has the types of the packages below them.
	Exports *Exports

	// Turns has as many places as there are processors. A goroutine takes one while it
	// type-checks a package from source: more at once need memory, and are not faster.
	Turns chan struct{}

	fset    *token.FileSet
	overlay map[string][]byte
	named   map[*packages.Package]int // places among Packages
	states  map[*packages.Package]*state
}

// A state is what has become of a package that is type-checked from its source.
type state struct {
	listed  []packages.Error // what the go command has against it
	files   []*token.File    // of its syntax, which is dropped
	current bool             // whether its types are those of its source
}

// List lists the packages with the go command. Its errors about a package are in the
// Errors of that package.
func List(c *Config) (*Program, error) {
	fset := token.NewFileSet()
	cfg := &packages.Config{Mode: listMode, Dir: c.Dir, Env: c.Env, Tests: c.Tests, Overlay: c.Overlay, Fset: fset}
	if c.Tags != "" {
		cfg.BuildFlags = []string{"-tags=" + c.Tags}
	}
	pkgs, err := packages.Load(cfg, c.Patterns...)
	if err != nil {
		return nil, err
	}
	p := &Program{
		Packages: slices.DeleteFunc(pkgs, isTestMain),
		Exports:  newExports(fset),
		Turns:    make(chan struct{}, runtime.GOMAXPROCS(0)),
		fset:     fset,
		overlay:  c.Overlay,
		named:    make(map[*packages.Package]int),
		states:   make(map[*packages.Package]*state),
	}
	for i, pkg := range p.Packages {
		p.named[pkg] = i
	}
	return p, nil
}

// Size returns how many bytes the sources of the named packages have.
func (p *Program) Size() int64 {
	size := int64(0)
	for _, pkg := range p.Packages {
		for _, name := range pkg.CompiledGoFiles {
			if info, err := os.Stat(name); err == nil {
				size += info.Size()
			}
		}
	}
	return size
}

// isTestMain reports whether the package is the program that go test generates.
func isTestMain(pkg *packages.Package) bool {
	return pkg.Name == "main" && strings.HasSuffix(pkg.PkgPath, ".test") && pkg.ID == pkg.PkgPath
}

// Shuffle has the packages come in another order; as rand.Shuffle has it.
func (p *Program) Shuffle(shuffle func(n int, swap func(i, j int))) {
	shuffle(len(p.Packages), func(i, j int) {
		p.Packages[i], p.Packages[j] = p.Packages[j], p.Packages[i]
		p.named[p.Packages[i]], p.named[p.Packages[j]] = i, j
	})
}

// Named reports whether the package is one of those that the patterns name.
func (p *Program) Named(pkg *packages.Package) bool {
	_, ok := p.named[pkg]
	return ok
}
