package golangci

import (
	"slices"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/passes"
)

// build returns the passes as golangci-lint gets them.
func build(t *testing.T, conf any) []*analysis.Analyzer {
	t.Helper()
	newPlugin, err := register.GetPlugin("toctou")
	if err != nil {
		t.Fatal(err)
	}
	plugin, err := newPlugin(conf)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Fatal(err)
	}
	return analyzers
}

func names(analyzers []*analysis.Analyzer) string {
	var list []string
	for _, a := range analyzers {
		list = append(list, a.Name)
	}
	return strings.Join(list, " ")
}

func TestSelection(t *testing.T) {
	all := names(passes.New(new(passes.Settings)))
	for _, test := range []struct {
		name string
		conf any
		want string
	}{
		{"no settings", nil, all},
		{"empty settings", map[string]any{}, all},
		{"without one", map[string]any{"disable": []any{"statopen"}}, strings.Replace(all, "statopen ", "", 1)},
		{"only two", map[string]any{"disable-all": true, "enable": []any{"tornwrite", "statopen"}}, "statopen tornwrite"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := names(build(t, test.conf)); got != test.want {
				t.Errorf("on are %s\nwant   %s", got, test.want)
			}
		})
	}
}

// TestStrictPasses holds that strict-passes reaches the passes that it names
// and no others.
func TestStrictPasses(t *testing.T) {
	for _, a := range build(t, map[string]any{"strict-passes": []any{"tempname", "walkrace"}}) {
		f := a.Flags.Lookup("strict")
		strict := f != nil && f.Value.String() == "true"
		if want := a.Name == "tempname" || a.Name == "walkrace"; strict != want {
			t.Errorf("%s: strict = %v", a.Name, strict)
		}
	}
}

// TestDecode holds that settings arrive, and what those are that nobody gave.
func TestDecode(t *testing.T) {
	got, err := decode(map[string]any{"strict": true, "helper": "never", "tests": true, "facts": false})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Strict || got.Helper != "never" || !got.Tests || got.Facts {
		t.Errorf("settings are %+v", got)
	}
	got, err = decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Strict || got.Helper != "" || got.Tests || !got.Facts {
		t.Errorf("by default, settings are %+v", got)
	}
}

// TestBadSettings holds that each error is one line that names the key.
func TestBadSettings(t *testing.T) {
	for _, test := range []struct {
		conf any
		want string
	}{
		{map[string]any{"strickt": true}, `unknown key "strickt"; the keys are enable, disable, disable-all, strict, strict-passes, helper, tests, facts`},
		{map[string]any{"strict": "yes"}, `strict: want true or false, have a string`},
		{map[string]any{"helper": true}, `helper: want a string, have true or false`},
		{map[string]any{"helper": "allways"}, `helper: want auto, always, never or an import path`},
		{map[string]any{"disable": "statopen"}, `disable: want a list of passes, have a string`},
		{map[string]any{"disable": []any{1}}, `disable: want a string, have a number`},
		{map[string]any{"disable": []any{"statopenn"}}, `disable: no pass "statopenn"; the passes are statopen, `},
		{map[string]any{"disable-all": true, "enable": []any{"x"}}, `enable: no pass "x"`},
		{map[string]any{"strict-passes": []any{"x"}}, `strict-passes: no pass "x"`},
		{map[string]any{"strict-passes": []any{"toctouignore"}}, `strict-passes: toctouignore is never strict`},
		{map[string]any{"enable": []any{"statopen"}}, `enable has no meaning without disable-all`},
		{map[string]any{"disable-all": true, "disable": []any{"statopen"}}, `disable has no meaning beside disable-all`},
		{map[string]any{"disable-all": true}, `all passes are off`},
		{[]any{"strict"}, `want keys and values, have a list`},
		{"strict", `want keys and values, have a string`},
	} {
		_, err := New(test.conf)
		if err == nil {
			t.Errorf("%v is accepted", test.conf)
			continue
		}
		if msg := err.Error(); !strings.HasPrefix(msg, "settings of toctou: "+test.want) || strings.Contains(msg, "\n") {
			t.Errorf("%v: %s\nwant: %s", test.conf, msg, test.want)
		}
	}
}

// TestSimplified holds that findings come with one fix at most and nothing
// related, and that there is something to take away.
func TestSimplified(t *testing.T) {
	extras := func(analyzers []*analysis.Analyzer) (fixes, related int) {
		for _, name := range []string{"statopen", "existscreate"} {
			i := slices.IndexFunc(analyzers, func(a *analysis.Analyzer) bool { return a.Name == name })
			one := *analyzers[i]
			for _, r := range analysistest.Run(quiet{}, analysistest.TestData(), &one, "a") {
				for _, d := range r.Diagnostics {
					fixes = max(fixes, len(d.SuggestedFixes))
					related += len(d.Related)
				}
			}
		}
		return fixes, related
	}
	if fixes, related := extras(passes.New(&passes.Settings{Helper: "always"})); fixes < 2 || related == 0 {
		t.Fatalf("the passes offer %d fixes at most and %d related positions: the specimen shows nothing", fixes, related)
	}
	if fixes, related := extras(build(t, map[string]any{"helper": "always"})); fixes != 1 || related != 0 {
		t.Errorf("%d fixes at most and %d related positions, want 1 and 0", fixes, related)
	}
}

// quiet keeps analysistest from complaining of findings that no comment of the
// specimen expects.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}
