package driver

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMerge(t *testing.T) {
	const text = "package p\n\nimport \"os\"\n\nvar a, b = os.Args, os.Args\n"
	at := func(s string) int { return strings.Index(text, s) }
	imp := patchEdit{at("import"), at("import"), "import \"fmt\"\n"}
	first := patch{line: "first", edits: []patchEdit{imp, {at("os.Args"), at("os.Args") + 7, "fmt.A"}}}
	second := patch{line: "second", edits: []patchEdit{imp, {at(", os.Args") + 2, at(", os.Args") + 9, "fmt.B"}}}
	clash := patch{line: "clash", edits: []patchEdit{{at("os.Args"), at("os.Args") + 2, "fs"}}}

	got, lines := merge([]byte(text), []patch{first, second, clash})
	want := "package p\n\nimport \"fmt\"\n\nvar a, b = fmt.A, fmt.B\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s := strings.Join(lines, " "); s != "first second" {
		t.Errorf("made %s", s)
	}
}

func TestUndo(t *testing.T) {
	f := &fixer{
		dir:      "/m",
		problems: []string{"old.go:1:1: broken before"},
		changed: map[string]*fixedFile{
			"/m/a.go": {old: []byte("a"), text: []byte("A")},
			"/m/b.go": {old: []byte("b"), text: []byte("B")},
		},
		applied: []string{"a.go:1: Fix it", "b.go:1: Fix it"},
	}
	if f.undo([]string{"old.go:1:1: broken before"}) {
		t.Error("undone for what was broken before")
	}
	if !f.undo([]string{"old.go:1:1: broken before", "b.go:3:1: undefined: x"}) {
		t.Fatal("not undone")
	}
	if a, b := f.changed["/m/a.go"], f.changed["/m/b.go"]; string(a.text) != "A" || string(b.text) != "b" || !b.banned {
		t.Errorf("a is %q, b %q", a.text, b.text)
	}
	if len(f.applied) != 1 || len(f.undone) != 1 || !strings.Contains(f.undone[0], "undefined: x") {
		t.Errorf("applied %q, undone %q", f.applied, f.undone)
	}
}

// TestWrite holds that only changed files are written, with their modes, and
// that an interrupt leaves all as it was.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	files := make(map[string]*fixedFile)
	add := func(name, old, text string, mode os.FileMode) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(old), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		files[name] = &fixedFile{old: []byte(old), text: []byte(text)}
		return name
	}
	fixed := add("fixed.go", "old", "new", 0o640)
	readOnly := add("readonly.go", "old", "new", 0o444)
	meanwhile := add("meanwhile.go", "old", "new", 0o644)
	if err := os.WriteFile(meanwhile, []byte("theirs"), 0o644); err != nil {
		t.Fatal(err)
	}
	check := func(name, want string) {
		t.Helper()
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, []byte(want)) {
			t.Errorf("%s is %q, %v; want %q", filepath.Base(name), got, err, want)
		}
	}

	interrupted := make(chan os.Signal, 1)
	interrupted <- os.Interrupt
	f := &fixer{dir: dir, changed: map[string]*fixedFile{fixed: files[fixed]}, interrupted: interrupted}
	if err := f.write(); err == nil {
		t.Error("wrote on, though interrupted")
	}
	check(fixed, "old")

	f = &fixer{dir: dir, changed: files}
	if err := f.write(); err != nil {
		t.Fatal(err)
	}
	check(fixed, "new")
	check(readOnly, "old")
	check(meanwhile, "theirs")
	if len(f.undone) != 2 {
		t.Errorf("left as they are: %q", f.undone)
	}
	if info, err := os.Stat(fixed); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}
