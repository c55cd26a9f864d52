package race

import (
	"go/types"
	"slices"
	"testing"

	"github.com/edcacfbd/toctou/internal/roomtest"
)

// TestRuleFiles checks that each kind has a file of its name, and that only
// rules.go uses what such a file declares: what two rules need is in a file that
// is named for its subject.
func TestRuleFiles(t *testing.T) {
	room := roomtest.Load(t)
	files := make(map[string]bool)
	for _, r := range rules {
		file := string(r.kind) + ".go"
		files[file] = true
		if !slices.Contains(room.Files, file) {
			t.Errorf("the rule %s has no file %s", r.kind, file)
		}
	}
	for _, use := range room.Uses(outsideRules(files)) {
		t.Error(use)
	}
}

// TestForeignUses checks that the test above can fail.
func TestForeignUses(t *testing.T) {
	room := roomtest.Of(t, map[string]string{
		"a.go":     "package p\ntype w struct{ n int }\nfunc a(x w) bool { return x.even() && shared() }\nfunc (x w) even() bool { return x.n == 0 }",
		"b.go":     "package p\nfunc b(x w) bool { return x.even() }",
		"tools.go": "package p\nfunc shared() bool { return true }",
		"rules.go": "package p\nvar all = []func(w) bool{a, b}",
	})
	got := room.Uses(outsideRules(map[string]bool{"a.go": true, "b.go": true}))
	want := []string{"b.go uses even of a.go", "b.go uses w of a.go"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// outsideRules returns what holds for a use, in a file other than rules.go, of what
// a rule's file declares. Every file may use the name of a rule.
func outsideRules(files map[string]bool) func(file, declaredIn string, obj types.Object) bool {
	return func(file, declaredIn string, obj types.Object) bool {
		return files[declaredIn] && file != "rules.go" && !isKind(obj)
	}
}

// isKind reports whether an object is the constant for a kind.
func isKind(obj types.Object) bool {
	named, ok := obj.Type().(*types.Named)
	_, constant := obj.(*types.Const)
	return ok && constant && named.Obj().Name() == "Kind"
}
