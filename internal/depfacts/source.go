package depfacts

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/load"
)

// A source is one file of a package. Its functions are found by its tokens:
// a syntax tree of every file that names a file's function costs several times
// as much, and is thrown away for most of them. So is the text, which is read
// again where it is wanted.
type source struct {
	imports
	name   string
	size   int
	bodies []*function // the functions with a body, in order
	socket bool        // whether a string without the functions may name a Unix socket's network
}

// A declaration is the place of a function with a body in a source.
type declaration struct {
	recv, name string // recv is the type of the receiver, or empty
	generic    bool   // it or its receiver has type parameters
	texts      bool   // strings are among its parameters or results
	body, end  int    // the offsets of its braces, the latter one past
}

// fullName is the name of a declared function as localName has it.
func (d *declaration) fullName() string {
	if d.recv == "" {
		return d.name
	}
	return d.recv + "." + d.name
}

// readSource looks through a file of a package.
func readSource(pkg *packages.Package, name string) (*source, error) {
	s := &source{name: name}
	err := load.Text(name, func(text []byte) (err error) {
		s.size = len(text)
		if s.imports, err = readImports(pkg, name, text); err == nil {
			s.look(text)
		}
		return err
	})
	return s, err
}

// imports are those of a file.
type imports struct {
	paths  map[string]string // by local names
	locals map[string]string // names of imports that are given none, by their literals
}

// readImports reads the imports of a file of a package.
func readImports(pkg *packages.Package, name string, text []byte) (imports, error) {
	i := imports{make(map[string]string), make(map[string]string)}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return i, err
	}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		local := baseName(pkg, path)
		i.locals[spec.Path.Value] = local
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if imp := pkg.Imports[path]; imp != nil {
			path = imp.PkgPath // vendored
		}
		i.paths[local] = path
	}
	return i, nil
}

// local returns the name by which the source knows an import.
func (s *source) local(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return s.locals[spec.Path.Value]
}

// left calls use with the text of the source in which spaces replace the bodies of
// functions that are not kept. It keeps the body of a function with type parameters,
// which the type checker needs. All line numbers stay the same.
func (s *source) left(use func(text []byte) error) error {
	return load.Text(s.name, func(text []byte) error {
		if len(text) != s.size {
			return errors.New(s.name + " has changed")
		}
		for _, f := range s.bodies {
			if f.kept || f.generic {
				continue
			}
			for i := f.body; i < f.end; i++ {
				if text[i] != '\n' {
					text[i] = ' '
				}
			}
		}
		return use(text)
	})
}

// keeps reports whether the function whose body begins there keeps it.
func (s *source) keeps(body int) bool {
	i, found := slices.BinarySearchFunc(s.bodies, body, func(f *function, body int) int { return f.body - body })
	return found && s.bodies[i].kept
}

// look finds the functions with a body that the text of the source declares,
// with what their bodies name.
func (s *source) look(text []byte) {
	if !bytes.Contains(text, []byte("func")) { // a table of constants
		s.socket = namesSocket(text)
		return
	}
	r := newReader(text)
	depth := 0 // of brackets of any kind
	seen := newSeen()
	for r.next(); r.tok != token.EOF; r.next() {
		switch r.tok {
		case token.LBRACE, token.LPAREN, token.LBRACK:
			depth++
		case token.RBRACE, token.RPAREN, token.RBRACK:
			depth--
		case token.STRING:
			s.socket = s.socket || namesSocket(r.text())
		case token.FUNC:
			if depth > 0 || r.before != token.SEMICOLON {
				continue // a literal, or a type
			}
			f := &function{depth: -1}
			if r.head(&f.declaration) {
				s.body(r, f, seen)
				s.bodies = append(s.bodies, f)
			}
		}
	}
}

// body reads the body of f, at whose opening brace the reader is.
func (s *source) body(r *reader, f *function, seen *seen) {
	f.body = r.offset
	seen.next()
	imported := "" // the path of the package whose local name was read last
	for depth := 1; depth > 0 && r.tok != token.EOF; {
		dot := r.tok == token.PERIOD
		r.next()
		switch r.tok {
		case token.PERIOD:
			continue
		case token.LBRACE:
			depth++
		case token.RBRACE:
			depth--
		case token.STRING:
			f.socket = f.socket || namesSocket(r.text())
		case token.IDENT:
			name := r.text()
			f.socket = f.socket || namesSocket(name)
			switch path := s.paths[string(name)]; {
			case dot && imported != "":
				if ref := (reference{imported, string(name)}); !slices.Contains(f.calls, ref) {
					f.calls = append(f.calls, ref)
				}
			case !dot && path != "":
				imported = path
				continue
			default:
				if used, first := seen.name(name); first {
					f.uses = append(f.uses, used)
				}
			}
		}
		imported = ""
	}
	f.end = min(r.offset+1, len(r.src))
}

// seen knows the names of a source, and which of them one function has.
type seen struct {
	at     int
	places map[string]*seenName
}

type seenName struct {
	name string
	at   int // the function that has had it last
}

func newSeen() *seen { return &seen{places: make(map[string]*seenName)} }

// next begins with another function.
func (s *seen) next() { s.at++ }

// name returns a name, of which there is one string for the whole source, and
// whether the function has not had it before.
func (s *seen) name(text []byte) (name string, first bool) {
	n := s.places[string(text)] // asking makes no string
	if n == nil {
		n = &seenName{name: string(text)}
		s.places[n.name] = n
	}
	first = n.at != s.at
	n.at = s.at
	return n.name, first
}

// namesSocket reports whether a literal, or a constant of the name, may be the
// network of a Unix socket.
func namesSocket(text []byte) bool {
	for i, c := range text {
		if (c == 'x' || c == 'X') && i >= 3 && bytes.EqualFold(text[i-3:i], []byte("uni")) {
			return true
		}
	}
	return false
}

// head reads the head of a function declaration up to the opening brace of its
// body. It reports whether there is a body.
func (r *reader) head(d *declaration) bool {
	r.next()
	if r.tok == token.LPAREN {
		d.recv, d.generic = r.receiver()
		r.next()
	}
	d.name = string(r.text())
	r.next()
	d.generic = d.generic || r.tok == token.LBRACK
	for depth := 0; r.tok != token.EOF; r.next() {
		switch r.tok {
		case token.LPAREN, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.LBRACE:
			if depth == 0 && r.before != token.STRUCT && r.before != token.INTERFACE {
				return true
			}
			depth++
		case token.SEMICOLON:
			if depth == 0 {
				return false
			}
		case token.IDENT:
			d.texts = d.texts || string(r.text()) == "string"
		}
	}
	return false
}

// receiver reads a receiver, at whose opening parenthesis the reader is, to the
// closing one.
func (r *reader) receiver() (name string, generic bool) {
	for depth := 1; depth > 0 && r.tok != token.EOF; {
		r.next()
		switch r.tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		case token.LBRACK:
			generic = true
		case token.IDENT:
			if !generic {
				name = string(r.text()) // the last one is the type
			}
		}
	}
	return name, generic
}
