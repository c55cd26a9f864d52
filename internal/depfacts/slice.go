package depfacts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// A slice is the syntax of a package, of which only those functions matter
// that are wanted, and those that they can call. Which these are is told by
// names, without types: too many rather than too few.
type slice struct {
	fset  *token.FileSet
	files []*ast.File
	funcs map[string][]*function // by their last name
	roots []*function
}

// A function is a declared function.
type function struct {
	decl  *ast.FuncDecl
	depth int                // at which it is wanted, -1 if it is not
	uses  map[string]bool    // names that may be functions of the same package
	calls map[reference]bool // functions of other packages
	kept  bool
	warm  state // whether it may touch files
}

// A reference names a function of another package.
type reference struct {
	path, name string
	depth      int
}

type state uint8

const (
	unknown state = iota
	busy
	cold
	hot
)

// newSlice parses a package.
func newSlice(d *dependency) *slice {
	s := &slice{fset: token.NewFileSet(), funcs: make(map[string][]*function)}
	for _, name := range d.CompiledGoFiles {
		file, err := parser.ParseFile(s.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		s.files = append(s.files, file)
		imports := make(map[string]string)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			local := baseName(d.Package, path)
			if spec.Name != nil {
				local = spec.Name.Name
			}
			if imp := d.Imports[path]; imp != nil {
				path = imp.PkgPath // vendored
			}
			imports[local] = path
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
				s.add(decl, imports, d.wanted)
			}
		}
	}
	s.spread()
	for _, fs := range s.funcs {
		for _, f := range fs {
			if f.depth < 0 {
				f.drop()
			}
		}
	}
	return s
}

// add adds a function.
func (s *slice) add(decl *ast.FuncDecl, imports map[string]string, wanted map[string]int) {
	f := &function{decl: decl, depth: -1, uses: make(map[string]bool), calls: make(map[reference]bool)}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				f.calls[reference{path: imports[x.Name], name: n.Sel.Name}] = true
				return false
			}
			f.uses[n.Sel.Name] = true
		case *ast.Ident:
			f.uses[n.Name] = true
		}
		return true
	})
	s.funcs[decl.Name.Name] = append(s.funcs[decl.Name.Name], f)
	if depth, ok := wanted[declName(decl)]; ok {
		f.depth = depth
		s.roots = append(s.roots, f)
	}
}

// declName is the name of a declared function as localName has it.
func declName(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	t := decl.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + decl.Name.Name
		default:
			return decl.Name.Name
		}
	}
}

// spread takes the wish for a function to those that it can call.
func (s *slice) spread() {
	work := append([]*function(nil), s.roots...)
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for name := range f.uses {
			for _, g := range s.funcs[name] {
				if g.depth < 0 || g.depth > f.depth {
					g.depth = f.depth
					work = append(work, g)
				}
			}
		}
	}
}

// outward lists the functions of other packages that those in the slice name,
// each one package deeper.
func (s *slice) outward() []reference {
	var list []reference
	for _, fs := range s.funcs {
		for _, f := range fs {
			if f.depth < 0 {
				continue
			}
			for call := range f.calls {
				list = append(list, reference{call.path, call.name, f.depth + 1})
			}
		}
	}
	return list
}

// keep takes the bodies off all functions but those wanted ones that touch
// files, and those that they can call. touches tells that of the functions of
// other packages. It reports whether any is left.
func (s *slice) keep(touches func(path, name string) bool) bool {
	anyHot := false
	for _, f := range s.roots {
		if s.heat(f, touches) == hot {
			anyHot = true
			s.retain(f)
		}
	}
	for _, fs := range s.funcs {
		for _, f := range fs {
			if !f.kept {
				f.drop()
			}
		}
	}
	return anyHot
}

// drop takes the body off a function.
func (f *function) drop() {
	if !generic(f.decl) {
		f.decl.Body = nil
	}
	f.uses, f.calls = nil, nil
}

// generic reports whether a function has type parameters, its receiver's
// included: then the type checker wants a body.
func generic(decl *ast.FuncDecl) bool {
	if decl.Recv != nil && len(decl.Recv.List) > 0 {
		t := decl.Recv.List[0].Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		switch t.(type) {
		case *ast.IndexExpr, *ast.IndexListExpr:
			return true
		}
	}
	return decl.Type.TypeParams != nil
}

func (s *slice) retain(f *function) {
	if f.kept {
		return
	}
	f.kept = true
	for name := range f.uses {
		for _, g := range s.funcs[name] {
			s.retain(g)
		}
	}
}

// heat tells whether a function touches files, itself or through those that
// it can call.
func (s *slice) heat(f *function, touches func(path, name string) bool) state {
	if f.warm != unknown {
		return f.warm
	}
	f.warm = busy
	for call := range f.calls {
		if touches(call.path, call.name) {
			f.warm = hot
			return hot
		}
	}
	for name := range f.uses {
		for _, g := range s.funcs[name] {
			if s.heat(g, touches) == hot {
				f.warm = hot
				return hot
			}
		}
	}
	f.warm = cold
	return cold
}
