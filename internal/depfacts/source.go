package depfacts

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"

	"golang.org/x/tools/go/packages"
)

// A source is one file of a package. Its functions are found by its tokens:
// a syntax tree of every file that names a file's function costs several times
// as much, and is thrown away for most of them. So is the text, which is read
// again where it is wanted.
type source struct {
	name    string
	size    int
	bodies  []*function       // the functions with a body, in order
	imports map[string]string // paths by local names
	locals  map[string]string // names of imports that are given none, by their literals
	socket  bool              // whether a string without the functions may name a Unix socket's network
}

// A declaration is where a function with a body stands in a source.
type declaration struct {
	recv, name string // recv is the type of the receiver, or empty
	generic    bool   // it or its receiver has type parameters
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
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	s := &source{name: name, size: len(text), imports: make(map[string]string), locals: make(map[string]string)}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		local := baseName(pkg, path)
		s.locals[spec.Path.Value] = local
		if spec.Name != nil {
			local = spec.Name.Name
		}
		if imp := pkg.Imports[path]; imp != nil {
			path = imp.PkgPath // vendored
		}
		s.imports[local] = path
	}
	s.look(text)
	return s, nil
}

// local returns the name by which the source knows an import.
func (s *source) local(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	return s.locals[spec.Path.Value]
}

// left returns the text of the source with spaces over the bodies of functions
// that are not kept, unless the type checker wants them: of a function with type
// parameters. What stands on a line stays there.
func (s *source) left() ([]byte, error) {
	text, err := os.ReadFile(s.name)
	if err != nil {
		return nil, err
	}
	if len(text) != s.size {
		return nil, errors.New(s.name + " has changed")
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
	return text, nil
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
			f := &function{depth: -1, uses: make(map[string]bool), calls: make(map[reference]bool)}
			if r.head(&f.declaration) {
				s.body(r, f)
				s.bodies = append(s.bodies, f)
			}
		}
	}
}

// body reads the body of f, at whose opening brace the reader is.
func (s *source) body(r *reader, f *function) {
	f.body = r.offset
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
			switch path := s.imports[string(name)]; {
			case dot && imported != "":
				f.calls[reference{path: imported, name: string(name)}] = true
			case !dot && path != "":
				imported = path
				continue
			case !f.uses[string(name)]: // asking makes no string
				f.uses[string(name)] = true
			}
		}
		imported = ""
	}
	f.end = min(r.offset+1, len(r.src))
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
