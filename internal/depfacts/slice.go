package depfacts

import (
	"go/ast"
	"go/parser"
	"go/token"

	"golang.org/x/tools/go/packages"
)

// A slice is the functions of a package, of which only those matter that are
// wanted, and those that they can call. Which these are is told by names,
// without types and without syntax: too many rather than too few.
type slice struct {
	sources []*source
	funcs   map[string][]*function // by their last name
	roots   []*function
	socket  bool // whether any of its functions may name a Unix socket's network by a constant
}

// A function is a declared function with a body.
type function struct {
	declaration
	depth  int                // at which it is wanted, -1 if it is not
	uses   map[string]bool    // names that may be functions of the same package
	calls  map[reference]bool // functions of other packages
	socket bool               // whether its body may name a Unix socket's network
	kept   bool
	warm   state // whether it may touch files
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

// newSlice looks through the sources of a package.
func newSlice(pkg *packages.Package) *slice {
	s := &slice{funcs: make(map[string][]*function)}
	for _, name := range pkg.CompiledGoFiles {
		src, err := readSource(pkg, name)
		if err != nil {
			continue
		}
		s.sources = append(s.sources, src)
		for _, f := range src.bodies {
			s.funcs[f.name] = append(s.funcs[f.name], f)
		}
		s.socket = s.socket || src.socket
	}
	return s
}

// want leaves those functions that are wanted, by their full names, and those
// that they can call.
func (s *slice) want(wanted map[string]int) {
	for _, fs := range s.funcs {
		for _, f := range fs {
			if depth, ok := wanted[f.fullName()]; ok {
				f.depth = depth
				s.roots = append(s.roots, f)
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
}

// parse returns the syntax of what is left of the package.
func (s *slice) parse() (*token.FileSet, []*ast.File) {
	fset := token.NewFileSet()
	sources := make(map[*token.File]*source)
	var files []*ast.File
	for _, src := range s.sources {
		text, err := src.left()
		if err != nil {
			continue
		}
		if file, err := parser.ParseFile(fset, src.name, text, parser.SkipObjectResolution); err == nil {
			sources[fset.File(file.FileStart)] = src
			files = append(files, file)
		}
	}
	trim(files, func(spec *ast.ImportSpec) string {
		return sources[fset.File(spec.Pos())].local(spec)
	}, func(decl *ast.FuncDecl) bool {
		if decl.Body == nil {
			return false
		}
		file := fset.File(decl.Pos())
		return sources[file].keeps(file.Offset(decl.Body.Lbrace))
	})
	return fset, files
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

// keep settles which functions keep their bodies: those wanted ones that touch
// files, and those that they can call. touches tells that of the functions of
// other packages, where those of sockets count only if the caller may name the
// network of a Unix socket. It reports whether any is left.
func (s *slice) keep(touches func(path, name string, socket bool) bool) bool {
	anyHot := false
	for _, f := range s.roots {
		if s.heat(f, touches) == hot {
			anyHot = true
			s.retain(f)
		}
	}
	return anyHot
}

// drop forgets what a function names.
func (f *function) drop() { f.uses, f.calls = nil, nil }

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
func (s *slice) heat(f *function, touches func(path, name string, socket bool) bool) state {
	if f.warm != unknown {
		return f.warm
	}
	f.warm = busy
	for call := range f.calls {
		if touches(call.path, call.name, s.socket || f.socket) {
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
