package output_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
	"github.com/edcacfbd/toctou/internal/rule"
	"github.com/edcacfbd/toctou/internal/severity"
)

// drawn is a report with one finding whose source is there.
func drawn(t *testing.T) *output.Report {
	t.Helper()
	const source = "package m\n\nfunc load(p string) ([]byte, error) {\n\tif _, err := os.Stat(p); err != nil && \"<b>\" != p {\n\t\treturn nil, nil\n\t}\n\treturn os.ReadFile(p)\n}\n"
	name := filepath.Join(t.TempDir(), "m.go")
	if err := os.WriteFile(name, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	place := func(text string) finding.Place {
		at := strings.Index(source, text)
		before := source[:at]
		line, column := strings.Count(before, "\n")+1, at-strings.LastIndex(before, "\n")
		return finding.Place{
			File: "m.go", Path: name,
			Start: finding.Position{Line: line, Column: column, Offset: at},
			End:   finding.Position{Line: line, Column: column + len(text), Offset: at + len(text)},
		}
	}
	check, use := place("os.Stat(p)"), place("os.ReadFile(p)")
	check.Operation, check.Says, use.Operation = "os.Stat", "the path is looked up here first", "os.ReadFile"
	return &output.Report{
		Version:  "v1.2.3",
		Packages: 1,
		Rules:    []rule.Rule{{Name: "statopen", Title: "a path"}},
		Findings: []*finding.Finding{{
			Rule: "statopen", Message: "os.ReadFile <fails>", Package: "m", Function: "load", Use: use, Check: &check,
			Reason: finding.Reason{ID: "opens-vanished", Text: "absence is handled"}, Severity: severity.Low,
			Fixes: []finding.Fix{{Message: "Open it first", Edits: []finding.Edit{{Place: use, New: "read(p)"}}}},
		}},
	}
}

// TestHTML checks that the page draws the window in the source, and shows the fix.
func TestHTML(t *testing.T) {
	text := written(t, "html", drawn(t))
	for _, want := range []string{
		`<mark class="check">os.Stat(p)</mark>`,
		`<mark class="use">os.ReadFile(p)</mark>`,
		`between line 4 and line 7, another process can replace what the path names`,
		`<tr class="inside"><td class="number">5</td>`,
		`&#34;&lt;b&gt;&#34; != p`,
		`os.ReadFile &lt;fails&gt;`,
		`<span class="removed">-	return os.ReadFile(p)`,
		`<span class="added">&#43;	return read(p)`,
		`//toctou:ignore statopen REASON`,
		`data-severity="low" data-pass="statopen" data-reason="opens-vanished" data-package="m"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestHTMLAlone checks that the page needs no other file, and leaves nothing of a
// report unescaped.
func TestHTMLAlone(t *testing.T) {
	for _, r := range []*output.Report{awkward(t), drawn(t), new(output.Report)} {
		text := written(t, "html", r)
		if m := regexp.MustCompile(`(?i)<(link|img|iframe|script)[^>]*(src|href)=|url\(|@import`).FindString(text); m != "" {
			t.Errorf("the page loads something: %s", m)
		}
		if strings.Contains(text, `"<p>"`) || strings.Contains(text, "<is>") || strings.Contains(text, "ZgotmplZ") {
			t.Error("something is not escaped")
		}
		if got, want := strings.Count(text, "<article"), len(r.Findings); got != want {
			t.Errorf("%d articles for %d findings", got, want)
		}
		for _, tag := range []string{"article", "section", "table", "details", "figure", "form", "main", "dl"} {
			if opened, closed := strings.Count(text, "<"+tag), strings.Count(text, "</"+tag+">"); opened != closed {
				t.Errorf("%d elements %s are opened, and %d closed", opened, tag, closed)
			}
		}
	}
}
