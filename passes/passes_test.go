package passes_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

// TestValidate checks that a driver accepts the suite, and that each pass has
// what a user looks for.
func TestValidate(t *testing.T) {
	all := passes.New(new(settings.Settings))
	if err := analysis.Validate(all); err != nil {
		t.Fatal(err)
	}
	rules := passes.Rules()
	if len(rules) != len(all) {
		t.Fatalf("%d rules for %d passes", len(rules), len(all))
	}
	for i, a := range all {
		rule := rules[i]
		if rule.Name != a.Name {
			t.Errorf("rule %s stands where pass %s does", rule.Name, a.Name)
		}
		if !strings.HasSuffix(a.URL, "/"+a.Name+".md") {
			t.Errorf("%s: its URL is %s", a.Name, a.URL)
		}
		if title, doc, ok := strings.Cut(a.Doc, "\n\n"); !ok || title != rule.Title || doc == "" {
			t.Errorf("%s: its documentation is %q", a.Name, a.Doc)
		}
		if a.Name == "toctouignore" {
			continue // it is about comments, and finds no race
		}
		if len(rule.CWE) == 0 {
			t.Errorf("%s: no CWE", a.Name)
		}
		if !race.Known(a.Name) {
			t.Errorf("%s: the table of rules does not list it", a.Name)
		}
		if a.Flags.Lookup("strict") == nil {
			t.Errorf("%s: no -strict", a.Name)
		}
	}
}

// TestTwoSuites checks that two suites can live in one process, each with its
// own settings.
func TestTwoSuites(t *testing.T) {
	loose, strict := passes.New(new(settings.Settings)), passes.New(&settings.Settings{Strict: true})
	for i, a := range loose {
		if a == strict[i] || a.Requires[0] == strict[i].Requires[0] {
			t.Errorf("%s is shared", a.Name)
		}
	}
}

// TestOneUseOneKind checks that a use with several faults is reported by one pass,
// and by the next one if that is switched off.
func TestOneUseOneKind(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), suite(passtest.Suite(settings.Settings{})), "kinds")

	off := []string{"existscreate", "writechmod"}
	s := passtest.Suite(settings.Settings{})
	s.Runs = func(k race.Kind) bool { return !slices.Contains(off, string(k)) }
	analysistest.Run(t, analysistest.TestData(), suite(s, off...), "kindsoff")
}
