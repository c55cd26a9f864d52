package plan

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/witness/launch"
)

var declared = regexp.MustCompile(`Reason\{"([a-z-]+)", "[^"]*", (Strict|Report)`)

// TestReasons holds that each reason that is reported has a plan or a word why there
// is none, and that each that has one exists.
func TestReasons(t *testing.T) {
	files, err := filepath.Glob("../../race/*.go")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			m := declared.FindStringSubmatch(line)
			if m == nil || strings.HasPrefix(line, "//") {
				continue // an example in a comment
			}
			n++
			if _, why := Of(m[1], ""); why == unknown {
				t.Errorf("no plan for the reason %s", m[1])
			}
		}
	}
	if n < 80 {
		t.Errorf("only %d reasons are found in internal/race", n)
	}
	seen := make(map[string]bool)
	check := func(reasons string) {
		for _, id := range strings.Fields(reasons) {
			if _, _, ok := race.ReasonByID(id); !ok {
				t.Errorf("there is no reason %s", id)
			}
			if seen[id] {
				t.Errorf("%s has two rows", id)
			}
			seen[id] = true
		}
	}
	for _, row := range rows {
		check(row.reasons)
	}
	for _, row := range without {
		check(row.reasons)
	}
	if p, why := Of("truncates-appeared-under-mutex", ""); why != "" || p.Harm != Lost {
		t.Error("a lock within the process changes the plan")
	}
	for aspect, want := range map[string]launch.What{"size": launch.Other, "type": launch.Type} {
		if p, _ := Of("restriction-bypassed", aspect); p.What != want {
			t.Errorf("a check of the %s: %s", aspect, p.What)
		}
	}
}
