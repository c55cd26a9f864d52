package overlay

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
)

// Returns has functions of a user's file record which error they return. offsets are
// within the functions.
//
//	func Load(path string) (*Config, error) {
//
// becomes, on the same line,
//
//	func Load(path string) (_ *Config, toctouErr error) { defer func() { toctouos.ToctouReturned("Load", toctouErr) }();
//
// It returns nil if none of the functions returns an error as its last result.
func Returns(name string, src []byte, offsets []int) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			return nil, nil // cgo makes another file of it
		}
	}
	e := &editor{fset: fset, src: src}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil || !within(fset, fn, offsets) {
			continue
		}
		e.returns(fn)
	}
	if len(e.edits) == 0 {
		return nil, nil
	}
	e.insert(file.Name.End(), `; import toctouos "os"`)
	return e.apply(), nil
}

func within(fset *token.FileSet, fn *ast.FuncDecl, offsets []int) bool {
	from, to := fset.Position(fn.Pos()).Offset, fset.Position(fn.End()).Offset
	for _, at := range offsets {
		if from <= at && at < to {
			return true
		}
	}
	return false
}

// returns edits one function.
func (e *editor) returns(fn *ast.FuncDecl) {
	results := fn.Type.Results
	if results == nil {
		return
	}
	last := results.List[len(results.List)-1]
	if id, ok := last.Type.(*ast.Ident); !ok || id.Name != "error" {
		return
	}
	name := "toctouErr"
	switch {
	case len(last.Names) == 0:
		open, end := "", ""
		if !results.Opening.IsValid() {
			open, end = "(", ")"
		}
		for i, r := range results.List {
			word := "_ "
			if i == len(results.List)-1 {
				word = name + " "
			}
			if i == 0 {
				word = open + word
			}
			e.insert(r.Type.Pos(), word)
		}
		if end != "" {
			e.insert(results.End(), end)
		}
	case last.Names[len(last.Names)-1].Name == "_":
		return // to rename it would need an edit that takes text away
	default:
		name = last.Names[len(last.Names)-1].Name
	}
	e.insert(fn.Body.Lbrace+1, fmt.Sprintf(" defer func() { toctouos.ToctouReturned(%q, %s) }();", fn.Name.Name, name))
}
