package output_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/output"
)

// place finds a text in a file, the first after another one.
func place(t *testing.T, root, file, after, text string) finding.Place {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(data), after)
	if at < 0 || !strings.Contains(string(data)[at:], text) {
		t.Fatalf("%s has no %q after %q", file, text, after)
	}
	at += strings.Index(string(data)[at:], text)
	position := func(offset int) finding.Position {
		before := string(data[:offset])
		return finding.Position{Line: strings.Count(before, "\n") + 1, Column: offset - strings.LastIndex(before, "\n"), Offset: offset}
	}
	name, _, _ := strings.Cut(text, "(")
	return finding.Place{File: file, Path: filepath.Join(root, file), Start: position(at), End: position(at + len(text)), Operation: name, Says: "looked up here"}
}

// TestPretty checks how places are shown that are related to each other in different
// ways.
func TestPretty(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"a.go": "package a\n\nfunc f() {\n\tfor {\n\t\tuse(p)\n\n\t\tcheck(p)\n\t}\n\tif check(q) { use(q) }\n\t/* 日本 */ check(r)\n\tuse(\n\t\tr,\n\t)\n}\n",
		"b.go": "package a\r\n\r\nfunc g() {\r\n\tcheck(s)\r\n}\r\n",
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name       string
		use, check finding.Place
		want       string
	}{
		{"the next time round the loop", place(t, root, "a.go", "for", "use(p)"), place(t, root, "a.go", "use(p)", "check(p)"), `
r: m
 ──▸ a.go:5:3
  │
5 │ use(p)
  │ ━━━━━━ use: use
6 │
7 │ check(p)
  │ ━━━━━━━━ looked up here
`},
		{"one line", place(t, root, "a.go", "check(q)", "use(q)"), place(t, root, "a.go", "if", "check(q)"), `
r: m
 ──▸ a.go:9:16
  │
9 │ if check(q) { use(q) }
  │    ━━━━━━━━ looked up here
  │               ━━━━━━ use: use
`},
		{"wide characters, and a use of several lines", place(t, root, "a.go", "check(r)", "use(\n\t\tr,\n\t)"), place(t, root, "a.go", "日本", "check(r)"), `
r: m
  ──▸ a.go:11:2
   │
10 │    /* 日本 */ check(r)
   │ ┌─────────────━━━━━━━━ looked up here
11 │ │  use(
   │ └──━━━━ use: use
`},
		{"another file", place(t, root, "a.go", "for", "use(p)"), place(t, root, "b.go", "g()", "check(s)"), `
r: m
 ──▸ a.go:5:3
  │
5 │ use(p)
  │ ━━━━━━ use: use
 ::: b.go:4:2
  │
4 │ check(s)
  │ ━━━━━━━━ looked up here
`},
	}
	for _, test := range tests {
		r := &output.Report{
			Packages: 1,
			Look:     output.Look{Width: 80},
			Findings: []*finding.Finding{{Rule: "r", Message: "m", Use: test.use, Check: &test.check}},
		}
		got, _, _ := strings.Cut("\n"+written(t, "pretty", r), "  see:")
		if got != test.want {
			t.Errorf("%s: got:%s\nwant:%s", test.name, got, test.want)
		}
	}
}

// TestColor checks that color changes nothing but the color.
func TestColor(t *testing.T) {
	r := awkward(t)
	r.Packages = 1
	plain := written(t, "pretty", r)
	r.Look.Color = true
	colored := written(t, "pretty", r)
	if colored == plain || strings.Contains(plain, "\x1b") {
		t.Error("there is no difference")
	}
	for _, code := range []string{"0", "1", "1;31", "1;35", "1;36", "35", "90"} {
		colored = strings.ReplaceAll(colored, "\x1b["+code+"m", "")
	}
	if colored != plain {
		t.Errorf("without its colours:\n%q\nwithout colour:\n%q", colored, plain)
	}
}
