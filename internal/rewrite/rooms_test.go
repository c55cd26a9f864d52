package rewrite

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

// strategies maps each file of a strategy to the strategy: what changes code in
// one way. All other files are for what several strategies need.
var strategies = map[string]string{
	"call_helper.go":         "call the helper",
	"chmod_before_rename.go": "chmod before rename",
	"guard_rest.go":          "guard the rest",
	"keep_alive.go":          "keep alive",
	"metadata_of_handle.go":  "metadata of the handle",
	"method_of_handle.go":    "method of the handle",
	"mode_at_creation.go":    "mode at creation",
	"random_name.go":         "random name",
	"repeat_check.go":        "repeat the check",
	"repeat_branch.go":       "repeat the branch",
	"stat_after_mkdir.go":    "stat after mkdir",
	"stat_opened_file.go":    "stat the opened file",
	"temp_beside_target.go":  "temporary beside the target",
	"tolerate_absence.go":    "tolerate absence",
	"write_by_answer.go":     "write by the answer",
	"write_with_mode.go":     "write with the mode",

	"stage_and_commit.go": "stage and commit",
	"stage_uses.go":       "stage and commit",
	"clear_error.go":      "clear the error",
	"commit.go":           "stage and commit",
	"commit_error.go":     "stage and commit",
	"commit_exits.go":     "stage and commit",
	"commit_point.go":     "stage and commit",
}

// TestStrategyFiles checks that no strategy's file uses what another's declares:
// what two of them need is in a file that is named for its subject.
func TestStrategyFiles(t *testing.T) {
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
	for file := range strategies {
		if !slices.Contains(names, file) {
			t.Errorf("there is no file %s", file)
		}
	}
	for _, use := range foreignUses(pkg.Fset, pkg.TypesInfo, strategies) {
		t.Error(use)
	}
}

// TestForeignUses checks that the test above can fail.
func TestForeignUses(t *testing.T) {
	src := map[string]string{
		"a.go":     "package p\nfunc a() bool { return shared() && part() }",
		"a2.go":    "package p\nfunc part() bool { return true }",
		"b.go":     "package p\nfunc b() bool { return shared() && part() }",
		"tools.go": "package p\nfunc shared() bool { return true }",
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range []string{"a.go", "a2.go", "b.go", "tools.go"} {
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
	got := foreignUses(fset, info, map[string]string{"a.go": "a", "a2.go": "a", "b.go": "b"})
	if want := []string{"b.go uses part of a2.go"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// foreignUses lists the uses, in files of a strategy, of what a file of another
// strategy declares.
func foreignUses(fset *token.FileSet, info *types.Info, strategy map[string]string) []string {
	var found []string
	for ident, obj := range info.Uses {
		if !obj.Pos().IsValid() {
			continue // predeclared
		}
		at, declared := baseOf(fset, ident.Pos()), baseOf(fset, obj.Pos())
		if strategy[at] != "" && strategy[declared] != "" && strategy[at] != strategy[declared] {
			found = append(found, fmt.Sprintf("%s uses %s of %s", at, obj.Name(), declared))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func baseOf(fset *token.FileSet, pos token.Pos) string {
	return filepath.Base(fset.Position(pos).Filename)
}
