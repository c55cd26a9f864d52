package fix

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestOutline compares what fixes name of the helper with the helper itself:
// each symbol is there, with the same signature.
func TestOutline(t *testing.T) {
	fset := token.NewFileSet()
	outline, err := parser.ParseFile(fset, "outline.go", HelperOutline(), 0)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("..", "..", "atomicfix")
	pkg, err := build.ImportDir(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range pkg.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	have := signatures(fset, files...)
	for name, want := range signatures(fset, outline) {
		if got, ok := have[name]; !ok {
			t.Errorf("fixes name %s, which the helper does not have", name)
		} else if got != want {
			t.Errorf("fixes take %s for\n\t%s\nbut it is\n\t%s", name, want, got)
		}
	}
}

// signatures returns, by name, the types of the functions and methods, without
// the names of parameters.
func signatures(fset *token.FileSet, files ...*ast.File) map[string]string {
	m := make(map[string]string)
	for _, file := range files {
		for _, d := range file.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || !d.Name.IsExported() {
				continue
			}
			name := d.Name.Name
			if d.Recv != nil {
				name = "(" + expr(fset, d.Recv.List[0].Type) + ")." + name
			}
			m[name] = "func" + fields(fset, d.Type.Params) + fields(fset, d.Type.Results)
		}
	}
	return m
}

func fields(fset *token.FileSet, list *ast.FieldList) string {
	var all []string
	if list != nil {
		for _, f := range list.List {
			for range max(1, len(f.Names)) {
				all = append(all, expr(fset, f.Type))
			}
		}
	}
	return "(" + strings.Join(all, ", ") + ")"
}

// expr prints a type. What os declares as an alias has its name in io/fs.
func expr(fset *token.FileSet, e ast.Expr) string {
	var buf bytes.Buffer
	printer.Fprint(&buf, fset, e)
	return strings.ReplaceAll(buf.String(), "os.File", "fs.File")
}
