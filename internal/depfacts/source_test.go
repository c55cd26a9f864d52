package depfacts

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestFunctions holds that the tokens of a source tell the same functions, and
// the same places of their bodies, as its syntax.
func TestFunctions(t *testing.T) {
	var files []string
	for _, pkg := range []string{"os", "slices", "go/types", "net/http", "text/template", "runtime", "sync/atomic"} {
		list, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	if len(files) == 0 {
		t.Skip("no sources of the standard library")
	}
	for _, name := range files {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var want []declaration
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				want = append(want, declarationOf(fset, fn))
			}
		}
		src, err := readSource(new(packages.Package), name)
		if err != nil {
			t.Fatal(err)
		}
		var got []declaration
		for _, f := range src.bodies {
			got = append(got, f.declaration)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: functions\n%v, want\n%v", name, got, want)
		}
	}
}

func declarationOf(fset *token.FileSet, fn *ast.FuncDecl) declaration {
	offset := func(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }
	d := declaration{name: fn.Name.Name, generic: fn.Type.TypeParams != nil, body: offset(fn.Body.Pos()), end: offset(fn.Body.End())}
	if fn.Recv == nil {
		return d
	}
	t := fn.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t, d.generic = x.X, true
	case *ast.IndexListExpr:
		t, d.generic = x.X, true
	}
	d.recv = t.(*ast.Ident).Name
	return d
}

// TestWhatABodyNames holds what is taken for a function of the package, what
// for one of another, and what for the network of a Unix socket.
func TestWhatABodyNames(t *testing.T) {
	text := []byte(`package p

func f() interface{ M() } {
	alias.Read(x.os.Stat, "os.Open") // os.Remove
	go func() { helper(os.Args) }()
	return dial(os, "unix")
}

func (v *T[K]) g() { v.f() }
`)
	src := &source{imports: map[string]string{"os": "os", "alias": "example.com/long"}}
	src.look(text)
	found := make(map[string]*function)
	for _, f := range src.bodies {
		found[f.fullName()] = f
	}
	f, g := found["f"], found["T.g"]
	if len(found) != 2 || f == nil || g == nil {
		t.Fatalf("functions %v, want f and T.g", found)
	}
	if len(f.calls) != 2 || !f.calls[reference{path: "example.com/long", name: "Read"}] || !f.calls[reference{path: "os", name: "Args"}] {
		t.Errorf("f names %v of other packages, want Read and Args", f.calls)
	}
	if !f.uses["helper"] || !f.uses["dial"] || !f.uses["Stat"] || f.uses["Remove"] || f.uses["Open"] {
		t.Errorf("f names %v of its own", f.uses)
	}
	if !f.socket || g.socket {
		t.Errorf("socket of f %v, of g %v, want true and false", f.socket, g.socket)
	}
	if !g.generic || f.generic {
		t.Errorf("generic f %v, g %v, want false and true", f.generic, g.generic)
	}
	src.name, src.size = filepath.Join(t.TempDir(), "p.go"), len(text)
	if err := os.WriteFile(src.name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	f.kept, g.generic = true, false
	if !src.keeps(f.body) || src.keeps(g.body) {
		t.Errorf("kept f %v, g %v, want true and false", src.keeps(f.body), src.keeps(g.body))
	}
	left, err := src.left()
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Replace(text, []byte("{ v.f() }"), []byte("         "), 1)
	if !bytes.Equal(left, want) {
		t.Errorf("without the body of g:\n%s", left)
	}
	src.size--
	if _, err := src.left(); err == nil {
		t.Error("a file that has changed is taken for the same")
	}
}
