package fix

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A part is what the edits of a fix can change of a file: its head, which is the
// package clause with the imports, and the declarations with an edit in the body
// of a function.
//
// Edits that replace os.ReadFile in f, for example, concern
//
//	package p
//
//	import "os"
//
//	func f(path string) ([]byte, error) { return os.ReadFile(path) }
//
// and neither the tables nor the other functions of the file: what these declare
// is known from the package as it was type-checked before.
type part struct {
	head  span
	decls []ast.Decl // in the order of the file
}

// part returns the part of the file that the edits concern, or false if they may
// change more: the type of something that is declared, for example.
func (e *Edit) part() (*part, bool) {
	p := &part{head: e.head()}
	for _, edit := range e.edits {
		if p.head.pos <= edit.Pos && edit.End <= p.head.end {
			continue
		}
		decl := e.declAt(edit.Pos)
		if decl == nil || !inBody(decl, edit) || e.lines(decl).pos < p.head.end {
			return nil, false
		}
		if !slices.Contains(p.decls, decl) {
			p.decls = append(p.decls, decl)
		}
	}
	slices.SortFunc(p.decls, func(a, b ast.Decl) int { return int(a.Pos() - b.Pos()) })
	for i := range p.decls {
		if i > 0 && e.lines(p.decls[i]).pos < e.lines(p.decls[i-1]).end {
			return nil, false // two on a line
		}
	}
	return p, true
}

// head returns the lines from the start of the file to the last import.
func (e *Edit) head() span {
	last := e.file.Name.End()
	for _, d := range e.file.Decls {
		if d, ok := d.(*ast.GenDecl); !ok || d.Tok != token.IMPORT {
			break
		}
		last = d.End()
	}
	return span{e.file.FileStart, e.nextLine(last)}
}

// nextLine returns the start of the line below pos, or the end of the file.
func (e *Edit) nextLine(pos token.Pos) token.Pos {
	if line := e.tok.Line(pos); line < e.tok.LineCount() {
		return e.tok.LineStart(line + 1)
	}
	return e.file.FileEnd
}

// declAt returns the declaration at pos, or nil.
func (e *Edit) declAt(pos token.Pos) ast.Decl {
	i, _ := slices.BinarySearchFunc(e.file.Decls, pos, func(d ast.Decl, pos token.Pos) int { return int(d.End() - pos) })
	if i == len(e.file.Decls) || pos < e.file.Decls[i].Pos() {
		return nil
	}
	return e.file.Decls[i]
}

// lines returns the lines of a declaration and of the comment above it.
func (e *Edit) lines(d ast.Decl) span {
	pos := d.Pos()
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc != nil {
			pos = d.Doc.Pos()
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			pos = d.Doc.Pos()
		}
	}
	return span{e.LineStart(pos), e.nextLine(d.End())}
}

// inBody reports whether an edit is in the body of a function, so that it changes
// the type of no declaration. Methods of generic types are left to the whole
// package, since their receivers declare type parameters.
func inBody(d ast.Decl, edit analysis.TextEdit) bool {
	within := func(body *ast.BlockStmt) bool {
		return body != nil && body.Lbrace < edit.Pos && edit.End <= body.Rbrace
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		return within(d.Body) && !genericReceiver(d)
	case *ast.GenDecl:
		if d.Tok != token.VAR {
			return false
		}
		found := false
		ast.Inspect(d, func(n ast.Node) bool {
			lit, ok := n.(*ast.FuncLit)
			found = found || ok && within(lit.Body)
			return !found
		})
		return found
	}
	return false
}

func genericReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return false
	}
	generic := false
	ast.Inspect(d.Recv, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IndexExpr, *ast.IndexListExpr:
			generic = true
		}
		return !generic
	})
	return generic
}

// soundPart is sound for edits of a part.
func (e *Edit) soundPart(p *part) error {
	before, after := e.original(p.head), e.edited(p.head)
	for _, d := range p.decls {
		before = append(append(before, '\n'), e.original(e.lines(d))...)
		after = append(append(after, '\n'), e.edited(e.lines(d))...)
	}
	if err := formatted(before, after); err != nil {
		return err
	}
	return e.compilesPart(p, after)
}

// ofOtherPackage is how the type checker objects to a literal such as point{1, 2}
// of a struct type with unexported fields: it compares the packages by identity, and
// the one that has the part is another than the one that has the type. No fix writes
// such a literal.
const ofOtherPackage = "implicit assignment to unexported field"

// compilesPart type-checks the text of a part in a package of its own, in which all
// that is declared beside the part is what was declared before.
func (e *Edit) compilesPart(p *part, text []byte) error {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, e.tok.Name(), text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var first error
	unused := make(map[token.Pos]bool)
	conf := e.config(func(err types.Error) {
		switch {
		case err.Soft && importAt(file, err.Pos) != nil: // it may be used elsewhere in the file
			unused[importAt(file, err.Pos).Pos()] = true
		case strings.HasPrefix(err.Msg, ofOtherPackage):
		case first == nil:
			first = errors.New(err.Msg)
		}
	})
	pkg := types.NewPackage(e.pass.Pkg.Path(), e.pass.Pkg.Name())
	for name := range namesIn(file) {
		if obj := e.pass.Pkg.Scope().Lookup(name); obj != nil {
			pkg.Scope().Insert(obj)
		}
	}
	for _, d := range file.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			makeNameless(d)
		}
	}
	types.NewChecker(conf, fset, pkg, nil).Files([]*ast.File{file}) //nolint:errcheck // passed to conf.Error
	if first != nil {
		return first
	}
	return e.importsFit(p, file, unused)
}

// importAt returns the import at pos, or nil.
func importAt(file *ast.File, pos token.Pos) *ast.ImportSpec {
	for _, spec := range file.Imports {
		if spec.Pos() <= pos && pos < spec.End() {
			return spec
		}
	}
	return nil
}

// namesIn returns the names in a file that may be declared elsewhere in its
// package, those under which it imports others included: an import must have
// another name than a declaration.
func namesIn(file *ast.File) map[string]bool {
	names := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			names[id.Name] = true
		}
		return true
	})
	for _, spec := range file.Imports {
		if p := importPath(spec); spec.Name == nil {
			names[p[strings.LastIndex(p, "/")+1:]] = true
		}
	}
	for _, d := range file.Decls {
		d, ok := d.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR {
			continue
		}
		for _, spec := range d.Specs {
			for _, id := range spec.(*ast.ValueSpec).Names {
				delete(names, id.Name)
			}
		}
	}
	return names
}

// makeNameless turns a function into one without a name, and a method into a
// function with the receiver as its first parameter: the package has declared it
// already.
//
//	func (s *store) save(path string) error { … }
//	func _(s *store, path string) error { … }
func makeNameless(d *ast.FuncDecl) {
	d.Name = &ast.Ident{NamePos: d.Name.NamePos, Name: "_"}
	if d.Recv == nil {
		return
	}
	params := slices.Concat(d.Recv.List, d.Type.Params.List)
	for _, field := range params {
		if len(field.Names) == 0 { // all parameters have a name, or none has
			field.Names = []*ast.Ident{{NamePos: field.Pos(), Name: "_"}}
		}
	}
	d.Recv, d.Type.Params.List = nil, params
}

// importsFit returns the reason why the imports of the edited file do not fit what
// is in the file beside the part: one is left that nothing uses, or one is missing.
// unused are those that the part does not use, by position.
func (e *Edit) importsFit(p *part, file *ast.File, unused map[token.Pos]bool) error {
	left := make(map[importKey]bool)
	for _, spec := range file.Imports {
		left[keyOf(spec)] = true
	}
	used := make(map[importKey]bool) // outside of the part
	e.lookUp(e.pass.TypesInfo)
	for _, spec := range e.file.Imports {
		key := keyOf(spec)
		used[key] = e.usedBeside(p, spec)
		if used[key] && !left[key] {
			return fmt.Errorf("the import of %s is missing", key.path)
		}
	}
	for _, spec := range file.Imports {
		if unused[spec.Pos()] && !used[keyOf(spec)] {
			return fmt.Errorf("the import of %s is not used", keyOf(spec).path)
		}
	}
	return nil
}

// usedBeside reports whether an import is used in the file beside the part. One
// without a name of its own is taken to be.
func (e *Edit) usedBeside(p *part, spec *ast.ImportSpec) bool {
	if name := keyOf(spec).name; name == "." || name == "_" {
		return true
	}
	name := e.pkgName(spec)
	if name == nil {
		return true
	}
	n := e.counts[name]
	for _, d := range p.decls {
		for _, u := range e.usesIn(d.Pos(), d.End()) {
			if u.name == name {
				n--
			}
		}
	}
	return n > 0
}

// importKey is what an import says.
type importKey struct{ name, path string }

func keyOf(spec *ast.ImportSpec) importKey {
	key := importKey{path: importPath(spec)}
	if spec.Name != nil {
		key.name = spec.Name.Name
	}
	return key
}
