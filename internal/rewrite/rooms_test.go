package rewrite

import (
	"go/types"
	"slices"
	"testing"

	"github.com/edcacfbd/toctou/internal/roomtest"
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
	"stage_mode.go":       "stage and commit",
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
	room := roomtest.Load(t)
	for file := range strategies {
		if !slices.Contains(room.Files, file) {
			t.Errorf("there is no file %s", file)
		}
	}
	for _, use := range room.Uses(betweenStrategies(strategies)) {
		t.Error(use)
	}
}

// TestForeignUses checks that the test above can fail.
func TestForeignUses(t *testing.T) {
	room := roomtest.Of(t, map[string]string{
		"a.go":     "package p\nfunc a() bool { return shared() && part() }",
		"a2.go":    "package p\nfunc part() bool { return true }",
		"b.go":     "package p\nfunc b() bool { return shared() && part() }",
		"tools.go": "package p\nfunc shared() bool { return true }",
	})
	got := room.Uses(betweenStrategies(map[string]string{"a.go": "a", "a2.go": "a", "b.go": "b"}))
	if want := []string{"b.go uses part of a2.go"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// betweenStrategies returns what holds for a use, in a file of a strategy, of what a file
// of another strategy declares.
func betweenStrategies(strategy map[string]string) func(file, declaredIn string, obj types.Object) bool {
	return func(file, declaredIn string, _ types.Object) bool {
		user, owner := strategy[file], strategy[declaredIn]
		return user != "" && owner != "" && user != owner
	}
}
