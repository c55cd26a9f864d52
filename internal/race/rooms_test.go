package race

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestRuleFiles checks that each kind has a file of its name, and that only
// rules.go uses what such a file declares: what two rules need is in a file that
// is named for its subject.
func TestRuleFiles(t *testing.T) {
	mode := packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports
	pkgs, err := packages.Load(&packages.Config{Mode: mode}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.FailNow()
	}
	pkg := pkgs[0]
	var names []string
	for _, file := range pkg.Syntax {
		names = append(names, baseOf(pkg.Fset, file.Pos()))
	}
	files := make(map[string]bool)
	for _, r := range rules {
		file := string(r.kind) + ".go"
		files[file] = true
		if !slices.Contains(names, file) {
			t.Errorf("the rule %s has no file %s", r.kind, file)
		}
	}
	for _, use := range foreignUses(pkg.Fset, pkg.TypesInfo, files) {
		t.Error(use)
	}
}

// TestForeignUses checks that the test above can fail.
func TestForeignUses(t *testing.T) {
	src := map[string]string{
		"a.go":     "package p\ntype w struct{ n int }\nfunc a(x w) bool { return x.even() && shared() }\nfunc (x w) even() bool { return x.n == 0 }",
		"b.go":     "package p\nfunc b(x w) bool { return x.even() }",
		"tools.go": "package p\nfunc shared() bool { return true }",
		"rules.go": "package p\nvar all = []func(w) bool{a, b}",
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range []string{"a.go", "b.go", "tools.go", "rules.go"} {
		file, err := parser.ParseFile(fset, name, src[name], 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	conf := types.Config{Importer: importer.Default()}
	if _, err := conf.Check("p", fset, files, info); err != nil {
		t.Fatal(err)
	}
	got := foreignUses(fset, info, map[string]bool{"a.go": true, "b.go": true})
	want := []string{"b.go uses even of a.go", "b.go uses w of a.go"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// foreignUses lists the uses, in files other than rules.go, of what another
// rule's file declares.
func foreignUses(fset *token.FileSet, info *types.Info, rules map[string]bool) []string {
	var found []string
	for ident, obj := range info.Uses {
		if !obj.Pos().IsValid() || isKind(obj) {
			continue // predeclared, or the name of a rule
		}
		at, declared := baseOf(fset, ident.Pos()), baseOf(fset, obj.Pos())
		if rules[declared] && at != declared && at != "rules.go" {
			found = append(found, fmt.Sprintf("%s uses %s of %s", at, obj.Name(), declared))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// isKind reports whether an object is the constant for a kind.
func isKind(obj types.Object) bool {
	named, ok := obj.Type().(*types.Named)
	_, constant := obj.(*types.Const)
	return ok && constant && named.Obj().Name() == "Kind"
}

func baseOf(fset *token.FileSet, pos token.Pos) string {
	return filepath.Base(fset.Position(pos).Filename)
}
