package driver

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/lsp"
	"github.com/edcacfbd/toctou/internal/scripttest"
)

// The module of the tests: load reads a file that store has found.
var sessionFiles = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.25\n",
	"store/store.go": `// Package store looks for files.
package store

import "os"

// Has reports whether there is a file.
func Has(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
`,
	"load/load.go": `// Package load reads files.
package load

import (
	"os"

	"example.com/m/store"
)

// Load reads a file, if there is one.
func Load(path string) ([]byte, error) {
	if !store.Has(path) {
		return nil, nil
	}
	return os.ReadFile(path)
}
`,
}

// An editing is a session of the files that are open in an editor.
type editing struct {
	t    *testing.T
	dir  string
	s    *sessions
	open map[string][]byte
}

func newEditing(t *testing.T, files map[string]string, args ...string) *editing {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	scripttest.WriteFiles(t, dir, files)
	return &editing{t, dir, newSessions(args, io.Discard), make(map[string][]byte)}
}

func (e *editing) file(name string) string { return filepath.Join(e.dir, filepath.FromSlash(name)) }

// set opens a file with a text, or gives it another one.
func (e *editing) set(name, text string) { e.open[e.file(name)] = []byte(text) }

// replace replaces a part of the text of an open file.
func (e *editing) replace(name, old, with string) {
	e.t.Helper()
	text := string(e.open[e.file(name)])
	if !strings.Contains(text, old) {
		e.t.Fatalf("%s has no %q", name, old)
	}
	e.set(name, strings.Replace(text, old, with, 1))
}

// found returns the findings as FILE:LINE PASS, and the notes.
func (e *editing) found() (found, notes []string) {
	r := e.s.Analyze(maps.Clone(e.open))
	return e.told(r), r.Notes
}

func (e *editing) told(r *lsp.Result) []string {
	list := []string{}
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s:%d %s", filepath.ToSlash(relative(e.dir, f.Use.Path)), f.Use.Start.Line, f.Rule))
	}
	return list
}

// want checks what is found.
func (e *editing) want(want ...string) {
	e.t.Helper()
	found, notes := e.found()
	if !slices.Equal(found, want) {
		e.t.Errorf("found %q, want %q; notes %q", found, want, notes)
	}
}

// same checks that another session, which has seen nothing before, finds the same.
func (e *editing) same() {
	e.t.Helper()
	found, _ := e.found()
	fresh := newSessions(e.s.args, io.Discard).Analyze(maps.Clone(e.open))
	if other := e.told(fresh); !slices.Equal(other, found) {
		e.t.Errorf("found %q, and from the start %q", found, other)
	}
}

// counts checks how often the go command has listed packages, and how many packages were
// analyzed in the last round.
func (e *editing) counts(lists int, packages int64) {
	e.t.Helper()
	for _, s := range e.s.of {
		if got := s.env.Stats.Packages.Load(); s.lists != lists || got != packages {
			e.t.Errorf("%d listings, %d packages; want %d and %d", s.lists, got, lists, packages)
		}
	}
}

// TestSessionCounts checks what an edit costs: the go command lists packages only if the
// imports have changed, and only those packages are analyzed that have a changed file
// or import such a package.
func TestSessionCounts(t *testing.T) {
	e := newEditing(t, maps.Clone(sessionFiles))
	e.set("load/load.go", sessionFiles["load/load.go"])
	e.want("load/load.go:15 statopen") // store is a dependency
	e.counts(1, 1)

	e.replace("load/load.go", "// Load reads", "// Another line.\n//\n// Load reads")
	e.want("load/load.go:17 statopen")
	e.counts(1, 1)

	e.replace("load/load.go", "return nil, nil", "return nil, os.ErrNotExist")
	e.want()
	e.counts(1, 1)

	e.replace("load/load.go", "return nil, os.ErrNotExist", "return nil, nil")
	e.set("store/store.go", sessionFiles["store/store.go"]) // another folder
	e.want("load/load.go:17 statopen")
	e.counts(2, 2)

	e.replace("store/store.go", "return err == nil", "return err == nil && false")
	e.replace("store/store.go", "return err == nil && false", "return err != nil || true")
	e.want()
	e.counts(2, 2)
	e.same()

	e.replace("store/store.go", "return err != nil || true", "return err == nil")
	e.want("load/load.go:17 statopen")
	e.counts(2, 2)

	e.replace("load/load.go", "nil, nil", "nil, nil // nothing")
	e.want("load/load.go:17 statopen")
	e.counts(2, 1)

	e.replace("load/load.go", "\t\"os\"\n", "\t\"io\"\n\t\"os\"\n")
	e.set("load/load.go", string(e.open[e.file("load/load.go")])+"\nvar _ io.Reader\n")
	e.want("load/load.go:18 statopen")
	e.counts(3, 2)
	e.same()
}

// TestSessionBroken checks that a package that does not compile is reported, and is
// analyzed again when it does, whether or not it was so when it was listed.
func TestSessionBroken(t *testing.T) {
	e := newEditing(t, maps.Clone(sessionFiles))
	text := sessionFiles["load/load.go"]
	for _, broken := range []string{
		strings.Replace(text, "return nil, nil", "return nil, nul", 1),
		strings.Replace(text, "\tif", "\tif {", 1),
		strings.Replace(text, "\"os\"", "\"os", 1),
		strings.Replace(text, "example.com/m/store", "example.com/m/stare", 1),
		"",
	} {
		e.set("load/load.go", broken)
		found, notes := e.found()
		if len(found) > 0 || len(notes) == 0 {
			t.Errorf("found %q, notes %q", found, notes)
		}
		e.set("load/load.go", text)
		e.want("load/load.go:15 statopen")
	}
}

// TestSessionFiles checks that changes of files that are not open are noticed.
func TestSessionFiles(t *testing.T) {
	e := newEditing(t, maps.Clone(sessionFiles))
	e.set("load/load.go", sessionFiles["load/load.go"])
	e.want("load/load.go:15 statopen")
	write := func(name, text string) {
		t.Helper()
		scripttest.WriteFiles(t, e.dir, map[string]string{name: text})
	}
	write("store/store.go", "package store\n\n// Has is always true.\nfunc Has(string) bool { return true }\n")
	e.want()
	write("store/store.go", sessionFiles["store/store.go"])
	e.want("load/load.go:15 statopen")

	// A function in a new file of the package.
	e.replace("load/load.go", "!store.Has(path)", "!has(path)")
	e.replace("load/load.go", "\n\t\"example.com/m/store\"\n", "")
	if found, _ := e.found(); len(found) > 0 {
		t.Errorf("found %q before there is a function has", found)
	}
	write("load/has.go", "package load\n\nimport \"os\"\n\nfunc has(path string) bool {\n\t_, err := os.Stat(path)\n\treturn err == nil\n}\n")
	e.want("load/load.go:13 statopen")
	if err := os.Remove(e.file("load/load.go")); err != nil { // it is open still
		t.Fatal(err)
	}
	e.want("load/load.go:13 statopen")
	delete(e.open, e.file("load/load.go"))
	if found, notes := e.found(); len(found)+len(notes) > 0 {
		t.Errorf("found %q, notes %q with no file open", found, notes)
	}
}

// TestSessionSettings checks that the settings file is read, again when it changes, and
// that a mistake in it is a problem of its line.
func TestSessionSettings(t *testing.T) {
	e := newEditing(t, maps.Clone(sessionFiles))
	e.set("load/load.go", sessionFiles["load/load.go"])
	e.want("load/load.go:15 statopen")
	settings := func(text string) {
		t.Helper()
		scripttest.WriteFiles(t, e.dir, map[string]string{".toctou.yml": text})
	}
	settings("passes:\n  statopen: off\n")
	e.want()
	settings("exclude: [load]\n")
	e.want()
	settings("functions:\n  - func: example.com/m/store.Has\n    effect: none\n")
	e.want()
	settings("functions:\n  - func: example.com/m/load.None\n    effect: none\n")
	r := e.s.Analyze(e.open)
	if len(r.Problems) != 1 || r.Problems[0].Line != 2 || r.Problems[0].File != e.file(".toctou.yml") {
		t.Errorf("problems %+v, want one of line 2", r.Problems)
	}
	settings("passes:\n  statopne: off\n")
	if r := e.s.Analyze(e.open); len(r.Problems) != 1 || r.Problems[0].Line != 2 || !strings.Contains(r.Problems[0].Message, "statopne") {
		t.Errorf("problems %+v, want one of line 2", r.Problems)
	}
	settings("")
	e.want("load/load.go:15 statopen")

	e = newEditing(t, maps.Clone(sessionFiles), "-statopen=false")
	e.set("load/load.go", sessionFiles["load/load.go"])
	e.want()
}

// TestSessionLimits checks that what is not analyzed is reported.
func TestSessionLimits(t *testing.T) {
	files := maps.Clone(sessionFiles)
	files["load/load_plan9.go"] = "package load\n"
	e := newEditing(t, files)
	outside := filepath.Join(t.TempDir(), "a.go")
	std := filepath.Join(goroot(), "src", "os", "file.go")
	for file, want := range map[string]string{
		outside:                      "there is no go.mod",
		std:                          "standard library",
		e.file("load/load_plan9.go"): "build constraints",
		filepath.Join(e.dir, "pkg", "mod", "x@v1.0.0", "x.go"): "module cache",
	} {
		clear(e.open)
		e.open[file] = []byte("package a\n")
		if _, notes := e.found(); !slices.ContainsFunc(notes, func(n string) bool { return strings.Contains(n, want) }) {
			t.Errorf("%s: notes %q, want %q", file, notes, want)
		}
	}
}
