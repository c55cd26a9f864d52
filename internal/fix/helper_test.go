package fix

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/reach"
)

func TestHelper(t *testing.T) {
	const plain = "module example.com/m\n"
	const required = plain + "require " + reach.Helper + " v0.1.0\n"
	tests := []struct {
		name, mod, pkg, setting string
		imported                bool
		want                    string
	}{
		{name: "not in reach", mod: plain},
		{name: "auto is the default", mod: required, setting: "auto", want: reach.Helper},
		{name: "required", mod: required, want: reach.Helper},
		{name: "imported", mod: plain, imported: true, want: reach.Helper},
		{name: "always", mod: plain, setting: "always", want: reach.Helper},
		{name: "never", mod: required, imported: true, setting: "never"},
		{name: "a copy", mod: plain, setting: "example.com/m/safe", want: "example.com/m/safe"},
		{name: "the copy itself", mod: plain, pkg: "example.com/m/safe", setting: "example.com/m/safe"},
		{name: "its test", mod: plain, pkg: "example.com/m/safe_test [example.com/m/safe.test]", setting: "example.com/m/safe"},
		{name: "the helper itself", mod: required, pkg: reach.Helper},
		{name: "internal, allowed", mod: plain, setting: "example.com/m/internal/safe", want: "example.com/m/internal/safe"},
		{name: "internal, at the root", mod: plain, pkg: "example.com/m", setting: "example.com/m/internal/safe", want: "example.com/m/internal/safe"},
		{name: "internal to others", mod: plain, setting: "example.com/n/internal/safe"},
		{name: "internal to a longer name", mod: plain, pkg: "example.com/my/p", setting: "example.com/m/internal/safe"},
	}
	t.Setenv("GOWORK", "off")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(test.mod), 0o666); err != nil {
				t.Fatal(err)
			}
			if test.pkg == "" {
				test.pkg = "example.com/m/p"
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(dir, "p.go"), "package p", 0)
			if err != nil {
				t.Fatal(err)
			}
			p := &analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: types.NewPackage(test.pkg, "p")}
			if test.imported {
				p.Pkg.SetImports([]*types.Package{types.NewPackage(reach.Helper, "atomicfix")})
			}
			if got := Helper(p, test.setting); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
