package golangci

import (
	"os"
	"path/filepath"
	"regexp"
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
		{"without one", passesAre("statopen", "off"), strings.Replace(all, "statopen ", "", 1)},
		{"one as it is", passesAre("statopen", "on"), all},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := names(build(t, test.conf)); got != test.want {
				t.Errorf("on are %s\nwant   %s", got, test.want)
			}
		})
	}
}

// passesAre makes settings for passes, given as name and choice in turn.
func passesAre(pairs ...string) map[string]any {
	choices := make(map[string]any)
	for i := 0; i < len(pairs); i += 2 {
		choices[pairs[i]] = pairs[i+1]
	}
	return map[string]any{"passes": choices}
}

// TestStrict checks that a pass can be made strict by itself.
func TestStrict(t *testing.T) {
	for _, a := range build(t, passesAre("tempname", "strict", "walkrace", "strict")) {
		f := a.Flags.Lookup("strict")
		strict := f != nil && f.Value.String() == "true"
		if want := a.Name == "tempname" || a.Name == "walkrace"; strict != want {
			t.Errorf("%s: strict = %v", a.Name, strict)
		}
	}
}

// TestBadSettings checks that each error is one line that names the key.
func TestBadSettings(t *testing.T) {
	for _, test := range []struct {
		conf any
		want string
	}{
		{map[string]any{"strickt": true}, `unknown key "strickt": did you mean strict?; the keys are passes, `},
		{map[string]any{"strict": "yes"}, `want true or false, have "yes" (at strict: "yes")`},
		{map[string]any{"helper": true}, `helper`},
		{map[string]any{"helper": "allways"}, `want auto, always, never or an import path`},
		{map[string]any{"passes": "statopen"}, `want a mapping, have "statopen" (at passes: statopen)`},
		{passesAre("statopenn", "off"), `unknown pass "statopenn": did you mean statopen?; the passes are statopen, `},
		{passesAre("statopen", "of"), `want on, off or strict, have "of" (at statopen: of)`},
		{passesAre("toctouignore", "strict"), `the pass toctouignore has no strict mode`},
		{allOff(), `all passes are off`},
		{map[string]any{"generated": true}, `linters.exclusions.generated`},
		{map[string]any{"exclude": []any{"x"}}, `linters.exclusions.paths`},
		{[]any{"strict"}, `want`},
		{"strict", `want`},
	} {
		_, err := New(test.conf)
		if err == nil {
			t.Errorf("%v is accepted", test.conf)
			continue
		}
		if msg := err.Error(); !strings.HasPrefix(msg, "settings of toctou: ") || !strings.Contains(msg, test.want) || strings.Contains(msg, "\n") {
			t.Errorf("%v: %s\nwant: %s", test.conf, msg, test.want)
		}
	}
}

func allOff() map[string]any {
	var pairs []string
	for _, r := range passes.Rules() {
		pairs = append(pairs, r.Name, "off")
	}
	return passesAre(pairs...)
}

// TestSimplified checks that findings come with one fix at most and nothing
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

// TestDocumented checks that what docs/golangci.md shows is from the samples,
// which are tested.
func TestDocumented(t *testing.T) {
	docs := filepath.Join("..", "..", "docs")
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(docs, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	samples := make(map[string]bool)
	for line := range strings.Lines(read("golangci/.custom-gcl.yml") + read("golangci/.golangci.yml")) {
		line, _, _ = strings.Cut(line, " #")
		samples[strings.TrimSpace(line)] = true
	}
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(read("golangci.md"), -1)
	if len(blocks) != 2 {
		t.Fatalf("docs/golangci.md shows %d files", len(blocks))
	}
	for _, block := range blocks {
		for line := range strings.Lines(block[1]) {
			if !samples[strings.TrimSpace(line)] {
				t.Errorf("docs/golangci.md shows what no sample has: %s", line)
			}
		}
	}
}
