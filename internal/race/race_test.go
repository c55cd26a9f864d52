package race

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// TestBeats checks which of two findings at one call is shown.
func TestBeats(t *testing.T) {
	calls := callsIn(t, "package p; func f() { far(); near() }; func far() {}; func near() {}")
	at := func(call *ssa.Call, path string) *pathops.Op {
		return &pathops.Op{Call: call, Path: &fspath.Value{Kind: fspath.Const, Name: path}}
	}
	finding := func(k Kind, r Reason, check *ssa.Call, path string) *Finding {
		f := &Finding{Kind: k, Reason: r, Use: at(nil, path)}
		if check != nil {
			f.Check = at(check, path)
		}
		return f
	}
	far, near := calls[0], calls[1]
	for _, test := range []struct {
		name        string
		first, then *Finding // the first one beats the other
	}{
		{"the higher level, whatever the kind",
			finding(FDLife, Reason{Level: Report}, nil, "a"), finding(ExistsCreate, Reason{Level: Strict}, far, "a")},
		{"the higher level, even of a farther check",
			finding(StatOpen, opensVanished, far, "a"), finding(StatOpen, opensForwarded, near, "a")},
		{"the kind whose rule is first",
			finding(ExistsCreate, truncatesAppeared, far, "a"), finding(TornWrite, Reason{Level: Report}, nil, "a")},
		{"the nearer check",
			finding(StatOpen, opensVanished, near, "b"), finding(StatOpen, opensVanished, far, "a")},
		{"the path that is first by its text",
			finding(StatOpen, opensVanished, near, "a"), finding(StatOpen, opensVanished, near, "b")},
		{"the path that is first by its text, without checks",
			finding(TempName, nameMaybe, nil, "a"), finding(TempName, nameMaybe, nil, "b")},
	} {
		if !test.first.beats(test.then) {
			t.Errorf("%s: it does not beat the other", test.name)
		}
		if test.then.beats(test.first) {
			t.Errorf("%s: the other beats it", test.name)
		}
	}
}

// callsIn returns the calls in the function f of a source file, in its order.
func callsIn(t *testing.T, src string) []*ssa.Call {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(new(types.Config), fset, types.NewPackage("p", "p"), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var calls []*ssa.Call
	for _, b := range pkg.Func("f").Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				calls = append(calls, call)
			}
		}
	}
	return calls
}
