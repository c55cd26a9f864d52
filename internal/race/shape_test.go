package race

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// paths calls use with one path in each function. The functions of one name but for
// the last letter compute the path of one file, each from its own parameters.
const paths = `package p

import "path/filepath"

type store struct{ dir string }

func use(string)                  {}
func clean(key string) string     { if key == "" { return "none" }; return key }
func (s *store) file(k int) string { if k == 0 { return s.dir }; return s.dir + "/x" }

type entry struct {
	st  *store
	key int
}

func keyA(s *store, key string)   { use(filepath.Join(s.dir, key+".json")) }
func keyB(s *store, other string) { use(filepath.Join(s.dir, other+".json")) }
func textA(s *store, key string)  { use(filepath.Join(s.dir, key+".text")) }
func cleanA(dir, key string)       { use(filepath.Join(dir, clean(key))) }
func cleanB(d string, e *entry, k string) { use(filepath.Join(d, clean(k))) }
func fileA(e *entry)            { use(e.st.file(e.key)) }
func fileB(e *entry, _ string)      { use(e.st.file(e.key)) }
func nameA(s *store, name string) { use(filepath.Join(s.dir, name)) }
func nameB(s *store, name string) { use(filepath.Join(s.dir, name)) }
func paramA(path string)           { use(path) }
func belowA(dir, name string)      { use(filepath.Join(dir, name)) }
`

func TestShape(t *testing.T) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", paths, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: importer.Default()}, fset, types.NewPackage("p", "p"), []*ast.File{f}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	var functions []*ssa.Function
	for fn := range ssautil.AllFunctions(pkg.Prog) {
		if fn.Pkg == pkg && fn.Synthetic == "" {
			functions = append(functions, fn)
		}
	}
	num := fspath.NewNumbering(functions, nil)
	shapes, forms := make(map[string]string), make(map[string]string)
	for _, fn := range functions {
		for _, instr := range fn.Blocks[0].Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || call.Call.StaticCallee() == nil || call.Call.StaticCallee().Name() != "use" {
				continue
			}
			path := num.Of(call.Call.Args[0])
			shapes[fn.Name()], forms[fn.Name()] = shape(num, path), form(num, path)
		}
	}
	for _, name := range []string{"key", "clean", "file"} {
		a, b := shapes[name+"A"], shapes[name+"B"]
		if a == "" || a != b {
			t.Errorf("%sA and %sB have the shapes %q and %q, want the same", name, name, a, b)
		}
	}
	if shapes["keyA"] == shapes["textA"] {
		t.Errorf("entries of two kinds have the shape %q", shapes["keyA"])
	}
	for _, name := range []string{"nameA", "paramA", "belowA"} {
		if shapes[name] != "" {
			t.Errorf("%s has the shape %q: it may be any file", name, shapes[name])
		}
	}
	if a, b := forms["nameA"], forms["nameB"]; a == "" || a != b {
		t.Errorf("nameA and nameB have the forms %q and %q, want the same", a, b)
	}
	for _, name := range []string{"paramA", "belowA"} {
		if forms[name] != "" {
			t.Errorf("%s has the form %q: it has no store", name, forms[name])
		}
	}
}
