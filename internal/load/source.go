package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/tools/go/packages"
)

// A source is a package that is type-checked from its source: a named one, one
// that imports such, or one of which there is no export data.
type source struct {
	*packages.Package
	*state
	imports []*source

	checked chan struct{} // closed when the types are complete
	used    chan struct{} // closed when it has been used, and what is below it
}

// sources returns the packages to check from source, imported ones first.
func (p *Program) sources() []*source {
	var order []*source
	known := make(map[*packages.Package]*source) // nil for others
	var visit func(pkg *packages.Package) *source
	visit = func(pkg *packages.Package) *source {
		if s, ok := known[pkg]; ok {
			return s
		}
		var below []*source
		for _, path := range slices.Sorted(maps.Keys(pkg.Imports)) {
			if imp := visit(pkg.Imports[path]); imp != nil {
				below = append(below, imp)
			}
		}
		if known[pkg] = nil; p.Named(pkg) || len(below) > 0 || pkg.ExportFile == "" && pkg.PkgPath != "unsafe" {
			if p.states[pkg] == nil {
				p.states[pkg] = &state{listed: slices.Clone(pkg.Errors)}
			}
			s := &source{Package: pkg, state: p.states[pkg], imports: below, checked: make(chan struct{}), used: make(chan struct{})}
			known[pkg] = s
			order = append(order, s)
		}
		return known[pkg]
	}
	for _, pkg := range p.Packages {
		visit(pkg)
	}
	return order
}

// Renew prepares for another Each after the text of files has changed. The overlay
// replaces the one of before. The packages that have one of the files are checked
// again, and so are those that import them; the others keep their types, and Each
// leaves them out. Renew returns those packages as they were, so that what is known
// of their functions can be forgotten. No file may be new, and none may import
// another package than before.
func (p *Program) Renew(overlay map[string][]byte, changed func(file string) bool) []*packages.Package {
	p.overlay = overlay
	var again []*packages.Package
	for _, s := range p.sources() { // imported ones first
		if slices.ContainsFunc(s.imports, func(imp *source) bool { return !imp.current }) || slices.ContainsFunc(s.CompiledGoFiles, changed) {
			s.current = false
		}
		if !s.current {
			old := *s.Package
			again = append(again, &old)
		}
	}
	return again
}

// Each parses and type-checks the named packages, and what lies between them,
// imported ones first and some of them side by side. It calls use with each named
// one and its index in Packages; after that the syntax and the types within are
// dropped. below waits until use has returned for all dependencies of the package.
// Errors of a package are in its Errors, as with package packages.
func (p *Program) Each(use func(i int, pkg *packages.Package, below func())) {
	// Most wait, for those that they import, and for what use waits for.
	slots := make(chan struct{}, 3*runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for _, s := range p.sources() {
		if s.current {
			close(s.checked)
			close(s.used)
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			defer close(s.used)
			for _, imp := range s.imports {
				<-imp.checked
			}
			p.Turns <- struct{}{}
			p.check(s)
			<-p.Turns
			close(s.checked)
			below := func() {
				for _, imp := range s.imports {
					<-imp.used
				}
			}
			if i, ok := p.named[s.Package]; ok {
				use(i, s.Package, below)
			}
			below()
			s.Syntax, s.TypesInfo = nil, nil
			s.current = true
		})
	}
	wg.Wait()
}

// Again parses and type-checks some of the named packages once more, of which the
// places among Packages are given, when Each has returned. It calls use with each, which
// is no more what others import, and lets go of it.
func (p *Program) Again(places []int, use func(i int, pkg *packages.Package)) {
	checked := make(map[*packages.Package]*source)
	for _, s := range p.sources() {
		checked[s.Package] = s
	}
	var wg sync.WaitGroup
	for _, i := range places {
		p.Turns <- struct{}{}
		wg.Go(func() {
			defer func() { <-p.Turns }()
			first := checked[p.Packages[i]]
			pkg := *first.Package
			pkg.Syntax = nil
			s := &source{Package: &pkg, state: &state{listed: first.listed}, imports: first.imports}
			p.checkNamed(s, true)
			use(i, &pkg)
			for _, file := range s.files {
				p.fset.RemoveFile(file)
			}
		})
	}
	wg.Wait()
}

// check parses and type-checks a package.
func (p *Program) check(s *source) { p.checkNamed(s, p.Named(s.Package)) }

// checkNamed is check for a package that is a named one, or a copy of it, or is not.
func (p *Program) checkNamed(s *source, named bool) {
	s.Fset = p.fset
	for _, file := range s.files {
		p.fset.RemoveFile(file)
	}
	s.files = nil
	s.Errors, s.TypeErrors = slices.Clone(s.listed), nil
	s.Types = types.NewPackage(s.PkgPath, s.Name)
	if s.PkgPath == "unsafe" { // its source is documentation
		s.Types = types.Unsafe
		return
	}
	s.IllTyped = true
	if len(s.CompiledGoFiles) == 0 && s.ExportFile != "" {
		fail(s.Package, packages.Error{Pos: "-", Msg: fmt.Sprintf("sources missing for package %s", s.ID), Kind: packages.ParseError})
		return
	}
	s.parse(p.overlay)
	size := 0
	if named {
		for _, file := range s.Syntax {
			size += int(file.FileEnd - file.FileStart)
		}
	}
	s.TypesInfo = NewInfo(size)
	cfg := &types.Config{
		Importer:         p.importer(s),
		IgnoreFuncBodies: !named,
		Sizes:            s.TypesSizes,
		GoVersion:        GoVersion(s.Package),
		Error:            func(err error) { fail(s.Package, err) },
	}
	checker := types.NewChecker(cfg, p.fset, s.Types, s.TypesInfo)
	if err := checker.Files(s.Syntax); err != nil && len(s.Errors) == 0 {
		fail(s.Package, err) // cfg.Error has not reported it
	}
	s.IllTyped = len(s.Errors) > 0
	for _, imp := range s.imports {
		s.IllTyped = s.IllTyped || imp.IllTyped
	}
}

// importer returns what resolves the imports of a package that is checked from
// its source.
func (p *Program) importer(s *source) types.Importer {
	exported := p.Exports.Importer(s.Package)
	return importer(func(path string) (*types.Package, error) {
		for _, imp := range s.imports {
			if imp.Package == s.Imports[path] {
				return imp.Types, nil
			}
		}
		return exported.Import(path)
	})
}

// NewInfo returns an empty types.Info with the maps that the passes and package ssa
// need. The maps have room for a source of that many bytes, with 15 of them for an
// expression, 20 for a use and 100 for a definition or a selection: a map that grows
// has to insert all of its entries again.
func NewInfo(size int) *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue, size/15),
		Instances:    make(map[*ast.Ident]types.Instance),
		Defs:         make(map[*ast.Ident]types.Object, size/100),
		Uses:         make(map[*ast.Ident]types.Object, size/20),
		Implicits:    make(map[ast.Node]types.Object),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection, size/100),
		FileVersions: make(map[*ast.File]string),
	}
}

// GoVersion returns the version of the language that a package is written in, or
// "" if it does not say.
func GoVersion(pkg *packages.Package) string {
	if pkg.Module == nil || pkg.Module.GoVersion == "" {
		return ""
	}
	return "go" + pkg.Module.GoVersion
}

// parse parses the files of a package side by side.
func (s *source) parse(overlay map[string][]byte) {
	files := make([]*ast.File, len(s.CompiledGoFiles))
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	for i, name := range s.CompiledGoFiles {
		wg.Go(func() { files[i], errs[i] = parseFile(s.Fset, name, overlay) })
	}
	wg.Wait()
	for i, file := range files {
		if errs[i] != nil {
			fail(s.Package, errs[i])
		}
		if file != nil {
			s.Syntax = append(s.Syntax, file)
			s.files = append(s.files, s.Fset.File(file.FileStart))
		}
	}
}

// parseFile parses a file, and leaves it to the type checker what a name refers
// to.
func parseFile(fset *token.FileSet, name string, overlay map[string][]byte) (file *ast.File, err error) {
	parse := func(text []byte) error {
		file, err = parser.ParseFile(fset, name, text, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
		return err
	}
	if text, ok := overlay[name]; ok {
		return file, parse(text)
	}
	err = Text(name, parse)
	return file, err
}

// fail notes what is wrong with a package, as package packages does.
func fail(pkg *packages.Package, err error) {
	var pathError *fs.PathError
	var list scanner.ErrorList
	var typeError types.Error
	var ours packages.Error
	switch {
	case errors.As(err, &ours):
		pkg.Errors = append(pkg.Errors, ours)
	case errors.As(err, &list):
		for _, e := range list {
			pkg.Errors = append(pkg.Errors, packages.Error{Pos: e.Pos.String(), Msg: e.Msg, Kind: packages.ParseError})
		}
	case errors.As(err, &pathError):
		pkg.Errors = append(pkg.Errors, packages.Error{Pos: pathError.Path + ":1", Msg: pathError.Err.Error(), Kind: packages.ParseError})
	case errors.As(err, &typeError):
		pkg.TypeErrors = append(pkg.TypeErrors, typeError)
		pkg.Errors = append(pkg.Errors, packages.Error{Pos: typeError.Fset.Position(typeError.Pos).String(), Msg: typeError.Msg, Kind: packages.TypeError})
	default:
		pkg.Errors = append(pkg.Errors, packages.Error{Pos: "-", Msg: err.Error(), Kind: packages.UnknownError})
	}
}
