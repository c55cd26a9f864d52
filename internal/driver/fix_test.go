package driver

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

	got, made := merge([]byte(text), []patch{first, second, clash})
	want := "package p\n\nimport \"fmt\"\n\nvar a, b = fmt.A, fmt.B\n"
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(made) != 2 || made[0].line != "first" || made[1].line != "second" {
		t.Errorf("made %v", made)
	}
}

// TestUndo checks that of two fixes in one file that no longer compiles the one that
// is to blame is undone, and no fix of another file.
func TestUndo(t *testing.T) {
	good, bad := patch{line: "b.go:1: Good", key: "good"}, patch{line: "b.go:2: Bad", key: "bad"}
	f := &fixer{
		dir:      "/m",
		problems: []string{"old.go:1:1: broken before"},
		changed: map[string]*fixedFile{
			"/m/a.go": {old: []byte("a"), text: []byte("A"), before: []byte("a"), latest: []patch{{line: "a.go:1: Fix it"}}},
			"/m/b.go": {old: []byte("b"), text: []byte("B"), before: []byte("b"), latest: []patch{good, bad}},
		},
		applied: []string{"a.go:1: Fix it", good.line, bad.line},
		blamed:  make(map[string]bool),
	}
	if f.undo([]string{"old.go:1:1: broken before"}) {
		t.Error("undone for what was broken before")
	}
	fresh := []string{"old.go:1:1: broken before", "b.go:3:1: undefined: x"}
	if !f.undo(fresh) {
		t.Fatal("not undone")
	}
	a, b := f.changed["/m/a.go"], f.changed["/m/b.go"]
	if string(a.text) != "A" || string(b.text) != "b" || !b.single || len(f.blamed) > 0 {
		t.Errorf("a is %q, b %q, one by one: %v, blamed %v", a.text, b.text, b.single, f.blamed)
	}
	a.latest, b.before, b.text, b.latest = nil, b.text, []byte("bad"), []patch{bad}
	f.applied = append(f.applied, bad.line)
	if !f.undo(fresh) || string(b.text) != "b" || !f.blamed["bad"] {
		t.Errorf("b is %q, blamed %v", b.text, f.blamed)
	}
	if len(f.applied) != 1 || len(f.undone) != 1 || !strings.Contains(f.undone[0], "undefined: x") {
		t.Errorf("applied %q, undone %q", f.applied, f.undone)
	}
}

// TestWrite checks that only changed files are written, with their modes, and
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
	f := &fixer{dir: dir, changed: map[string]*fixedFile{fixed: files[fixed]}, interrupted: interrupted, rename: os.Rename, aside: writeAside}
	if err := f.write(); err == nil {
		t.Error("wrote on, though interrupted")
	}
	check(fixed, "old")

	f = &fixer{dir: dir, changed: files, rename: os.Rename, aside: writeAside}
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

// TestWriteFails checks that all files are as they were if one of them cannot be
// replaced when others have been.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	files := make(map[string]*fixedFile)
	for i := range 4 {
		name := filepath.Join(dir, fmt.Sprint(i, ".go"))
		old := fmt.Appendf(nil, "old %d", i)
		if err := os.WriteFile(name, old, 0o640); err != nil {
			t.Fatal(err)
		}
		files[name] = &fixedFile{old: old, text: []byte("new")}
	}
	full, renamed := errors.New("full"), 0
	f := &fixer{dir: dir, changed: files, aside: writeAside, rename: func(from, to string) error {
		if renamed++; renamed == 3 {
			return full
		}
		return os.Rename(from, to)
	}}
	if err := f.write(); !errors.Is(err, full) {
		t.Errorf("the error is %v", err)
	}
	if renamed != 3 {
		t.Errorf("%d renames, want 3", renamed)
	}
	for name, file := range files {
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, file.old) {
			t.Errorf("%s is %q, %v; want %q", filepath.Base(name), got, err, file.old)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("the mode of %s is %v, %v", filepath.Base(name), info.Mode(), err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != len(files) {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}

// TestReadOnlyDirectory checks that a file is left as it is whose directory takes no new
// file, that the message does not name a temporary, and that the others are fixed.
func TestReadOnlyDirectory(t *testing.T) {
	dir := t.TempDir()
	files := make(map[string]*fixedFile)
	for _, name := range []string{"a.go", "b.go"} {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		files[name] = &fixedFile{old: []byte("old"), text: []byte("new")}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	closed := filepath.Join(dir, "a.go")
	f := &fixer{dir: dir, changed: files, rename: os.Rename, aside: func(name string, data []byte) (string, error) {
		if name == closed {
			return "", &fs.PathError{Op: "open", Path: filepath.Join(dir, ".toctou-XYZ"), Err: fs.ErrPermission}
		}
		return writeAside(name, data)
	}}
	if err := f.write(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"a.go": "old", "b.go": "new"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q (%v), want %q", name, got, err, want)
		}
	}
	if want := []string{"a.go: not changed: cannot create a file in its directory: permission denied"}; !slices.Equal(f.undone, want) {
		t.Errorf("undone: %q, want %q", f.undone, want)
	}
}
