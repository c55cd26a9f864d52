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

// TestFunctions checks that the tokens of a source give the same functions, and
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
	ast.Inspect(fn.Type, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		d.texts = d.texts || ok && id.Name == "string"
		return true
	})
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

// TestWhatABodyNames checks what is taken for a function of the package, what
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
	src := &source{imports: imports{paths: map[string]string{"os": "os", "alias": "example.com/long"}}}
	src.look(text)
	found := make(map[string]*function)
	for _, f := range src.bodies {
		found[f.fullName()] = f
	}
	f, g := found["f"], found["T.g"]
	if len(found) != 2 || f == nil || g == nil {
		t.Fatalf("functions %v, want f and T.g", found)
	}
	if !slices.Equal(f.calls, []reference{{"example.com/long", "Read"}, {"os", "Args"}}) {
		t.Errorf("f names %v of other packages, want Read and Args", f.calls)
	}
	uses := func(name string) bool { return slices.Contains(f.uses, name) }
	if !uses("helper") || !uses("dial") || !uses("Stat") || uses("Remove") || uses("Open") {
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
	want := bytes.Replace(text, []byte("{ v.f() }"), []byte("         "), 1)
	err := src.left(func(left []byte) error {
		if !bytes.Equal(left, want) {
			t.Errorf("without the body of g:\n%s", left)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	src.size--
	if err := src.left(func([]byte) error { return nil }); err == nil {
		t.Error("a file that has changed is taken for the same")
	}
}

// TestTouching checks that a function touches files if one does that it may call,
// whichever of those that call each other is looked at first.
func TestTouching(t *testing.T) {
	text := []byte(`package p

func a() { b() }
func b() { a(); c() }
func c() { b(); os.Remove("x") }
func d() { e() }
func e() { d() }
`)
	for range 20 { // the order is that of maps
		src := &source{imports: imports{paths: map[string]string{"os": "os"}}}
		src.look(text)
		s := &slice{sources: []*source{src}, funcs: make(map[string][]*function)}
		for _, f := range src.bodies {
			s.funcs[f.name] = append(s.funcs[f.name], f)
		}
		s.want(func(*declaration) (int, bool) { return 0, true })
		hot := s.touching(func(ref reference, _ bool) bool { return ref == reference{"os", "Remove"} })
		for _, f := range src.bodies {
			if want := f.name < "d"; hot[f] != want {
				t.Fatalf("%s touches files: %v", f.name, hot[f])
			}
		}
	}
}

// TestMentions checks what is taken for a function of an import, and what for the
// name of a method.
func TestMentions(t *testing.T) {
	text := []byte(`package p

var x = alias.New().Method

func f(v alias.T) { v.field.Other(); alias.T.Expr(v); Dotted() }
`)
	m := &mentions{functions: make(map[reference]bool), names: make(map[string]set)}
	m.read(text, 70, map[string]string{"alias": "example.com/long", ".": "example.com/dot"})
	for _, ref := range []reference{{"example.com/long", "New"}, {"example.com/long", "T"}, {"example.com/dot", "Dotted"}} {
		if !m.functions[ref] {
			t.Errorf("%v is missing among %v", ref, m.functions)
		}
	}
	for _, name := range []string{"Method", "Other", "Expr"} {
		if !m.names[name].has(70) || m.names[name].has(6) {
			t.Errorf("%s is missing among %v", name, m.names)
		}
	}
}
