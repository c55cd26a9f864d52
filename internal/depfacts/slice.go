package depfacts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A slice is the functions of a package. Only those matter that are wanted, and those that
// they can call. Names determine which these are, without types and without syntax. The
// result is conservative: it may have too many functions, but never too few.
type slice struct {
	sources []*source
	funcs   map[string][]*function // by their last name
	roots   []*function
	socket  bool // whether any of its functions may name a Unix socket's network by a constant
}

// A function is a declared function with a body.
type function struct {
	declaration
	depth  int         // at which it is wanted, -1 if it is not
	uses   []string    // names that may be functions of the same package
	calls  []reference // functions of other packages
	socket bool        // whether its body may name a Unix socket's network
	kept   bool
}

// A reference names a function of another package.
type reference struct {
	path, name string
}

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

// want leaves those functions that are wanted, and those that they can call.
func (s *slice) want(wanted func(*declaration) (depth int, ok bool)) {
	for _, fs := range s.funcs {
		for _, f := range fs {
			if depth, ok := wanted(&f.declaration); ok {
				f.depth = depth
				s.roots = append(s.roots, f)
			}
		}
	}
	s.spread()
	for _, fs := range s.funcs {
		for _, f := range fs {
			if f.depth < 0 {
				f.uses, f.calls = nil, nil
			}
		}
	}
}

// reached iterates over the functions that are wanted or that those can call.
func (s *slice) reached(yield func(*function) bool) {
	for _, fs := range s.funcs {
		for _, f := range fs {
			if f.depth >= 0 && !yield(f) {
				return
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
		var file *ast.File
		err := src.left(func(text []byte) (err error) {
			file, err = parser.ParseFile(fset, src.name, text, parser.SkipObjectResolution)
			return err
		})
		if err == nil {
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
	work := slices.Clone(s.roots)
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, name := range f.uses {
			for _, g := range s.funcs[name] {
				if g.depth < 0 || g.depth > f.depth {
					g.depth = f.depth
					work = append(work, g)
				}
			}
		}
	}
}

// touching returns those of the functions reached that touch files, themselves
// or through those that they can call. touches reports that for the functions of other
// packages; those of sockets count only if the caller may name the network of a Unix
// socket.
func (s *slice) touching(touches func(ref reference, socket bool) bool) map[*function]bool {
	hot := make(map[*function]bool)
	var work []*function
	users := make(map[string][]*function) // by what they use
	for f := range s.reached {
		for _, name := range f.uses {
			if s.funcs[name] != nil {
				users[name] = append(users[name], f)
			}
		}
		if slices.ContainsFunc(f.calls, func(ref reference) bool { return touches(ref, s.socket || f.socket) }) {
			hot[f] = true
			work = append(work, f)
		}
	}
	for len(work) > 0 {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		for _, user := range users[f.name] {
			if !hot[user] {
				hot[user] = true
				work = append(work, user)
			}
		}
	}
	return hot
}

// keep settles which functions keep their bodies: those wanted ones that touch
// files, and those that they can call. It reports whether any is left.
func (s *slice) keep(touches func(ref reference, socket bool) bool) bool {
	hot := s.touching(touches)
	anyHot := false
	for _, f := range s.roots {
		if hot[f] {
			anyHot = true
			s.retain(f)
		}
	}
	return anyHot
}

func (s *slice) retain(f *function) {
	if f.kept {
		return
	}
	f.kept = true
	for _, name := range f.uses {
		for _, g := range s.funcs[name] {
			s.retain(g)
		}
	}
}
