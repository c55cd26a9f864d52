package passes_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestFitForHosts checks that nothing that the passes import from this module
// starts by itself or ends the program that they run in.
func TestFitForHosts(t *testing.T) {
	const ours = `{{with .Module}}{{if .Main}}{{$.Dir}}{{end}}{{end}}`
	out, err := exec.Command("go", "list", "-deps", "-f", ours, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Fields(string(out))
	if len(dirs) < 10 {
		t.Fatalf("go list names %d directories only", len(dirs))
	}
	fset := token.NewFileSet()
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			holdFit(t, fset, file)
		}
	}
}

func holdFit(t *testing.T, fset *token.FileSet, file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				t.Errorf("%s: init", fset.Position(n.Pos()))
			}
		case *ast.CallExpr:
			if name := callee(n); name == "panic" || name == "os.Exit" || strings.HasPrefix(name, "log.Fatal") || strings.HasPrefix(name, "log.Panic") {
				t.Errorf("%s: %s", fset.Position(n.Pos()), name)
			}
		}
		return true
	})
}

// callee returns the text of a name that is called.
func callee(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			return x.Name + "." + fun.Sel.Name
		}
	}
	return ""
}

// holdUntouched reports syntax of a package that is not what its source says:
// other analyzers have the same.
func holdUntouched(p *analysis.Pass) error {
	for _, file := range p.Files {
		name := p.Fset.File(file.FileStart).Name()
		if !strings.HasSuffix(name, ".go") {
			continue // made by cgo
		}
		fset := token.NewFileSet()
		fresh, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		before, after := dump(fset, fresh), dump(p.Fset, file)
		if before != after {
			p.Reportf(file.Package, "a pass has changed the syntax")
		}
	}
	return nil
}

// dump writes a syntax tree out, positions included, without what the parser
// adds in some modes only.
func dump(fset *token.FileSet, file *ast.File) string {
	var text strings.Builder
	err := ast.Fprint(&text, fset, file, func(field string, _ reflect.Value) bool {
		return field != "Obj" && field != "Scope" && field != "Unresolved"
	})
	if err != nil {
		text.WriteString(err.Error())
	}
	return text.String()
}
