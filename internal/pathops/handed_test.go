package pathops_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/edcacfbd/toctou/internal/pathops"
)

// TestConcerns lists functions that are looked through from another module, and
// some that are not.
func TestConcerns(t *testing.T) {
	const src = `package p

import "os"

type (
	name   string
	config struct{ dir *name; next *config }
	size   struct{ n int; next *size }
	coded  interface{ Code() int }
)

func text(name) error             { return nil }
func variadic(...string) error    { return nil }
func behind(map[int]*config) bool { return false }
func anything(any) bool           { return false }
func generic[P ~string](P) bool   { return false }
func handle(*os.File) error       { return nil }
func failure(error) int           { return 0 }
func (c *config) save() error     { return nil }
func home() (string, error)       { return "", nil }
func exits()                      {}

func number(int) error         { return nil }
func list(size) error          { return nil }
func callback(func(name)) bool { return false }
func few(coded) error          { return nil }
func (s *size) flush() error   { return nil }
func prune() error             { return nil }
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object)}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := conf.Check("example.com/m/p", fset, []*ast.File{file}, info); err != nil {
		t.Fatal(err)
	}
	leftOut := map[string]bool{"number": true, "list": true, "callback": true, "few": true, "flush": true, "prune": true}
	for id, obj := range info.Defs {
		fn, ok := obj.(*types.Func)
		if !ok || id.Name == "Code" {
			continue
		}
		for module, want := range map[string]bool{"example.com/other": !leftOut[id.Name], "example.com/m": true, "": !leftOut[id.Name]} {
			if got := pathops.Concerns(fn, module); got != want {
				t.Errorf("%s, from module %q: got %v", fn.FullName(), module, got)
			}
		}
	}
}
