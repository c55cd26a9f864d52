package config

import (
	"encoding/json"
	"errors"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/severity"
)

var passes = []string{"statopen", "tornwrite"}

const full = `
passes: {statopen: off, tornwrite: strict}
strict: true
severity: high
tests: true
generated: true
facts: false
helper: never
exclude: [third_party, "**/*.pb.go"]
functions:
  - func: example.com/x/store.Rename
    path: 0
    effect: move
    then:
      - {path: 1, effect: replace}
  - func: example.com/x/store.OpenFile
    path: 0
    effect: by-flags
    flags: 1
    mode: 2
    returns: file
    is: [nofollow, locking]
  - func: (*example.com/x/store.Cache[K, V]).Flush
    path: receiver
    effect: write
  - func: example.com/x/log.Check
    effect: none
`

func parse(t *testing.T, text string) *Settings {
	t.Helper()
	s, err := Parse(filepath.FromSlash("/m/.toctou.yml"), []byte(text), passes)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestApply(t *testing.T) {
	var to settings.Settings
	if err := parse(t, full).Apply(&to, nil); err != nil {
		t.Fatal(err)
	}
	if !to.Strict || !to.Tests || !to.Generated || !to.NoFacts || to.Helper != "never" || to.Severity != severity.High {
		t.Errorf("settings are %+v", &to)
	}
	for file, want := range map[string]bool{
		"/m/third_party/x/x.go":   true,
		"/m/third_partyx/x.go":    false,
		"/m/a/third_party/x.go":   false,
		"/m/a/b/c.pb.go":          true,
		"/m/c.pb.go":              true,
		"/m/a/b/c.go":             false,
		"/other/third_party/x.go": false,
	} {
		if got := to.Exclude(filepath.FromSlash(file)); got != want {
			t.Errorf("%s is excluded: %t, want %t", file, got, want)
		}
	}
	for _, want := range []fsapi.Func{
		{Name: "example.com/x/store.Rename", Ops: []fsapi.Op{{Arg: 0, Effect: fsapi.Move}, {Arg: 1, Effect: fsapi.Replace}}},
		{Name: "example.com/x/store.OpenFile", Ops: []fsapi.Op{{Arg: 0, Effect: fsapi.ByFlags}}, Flags: 1, Perm: 2, Gives: fsapi.Handle, Traits: fsapi.NoFollow | fsapi.LocksFile},
		{Name: "(*example.com/x/store.Cache[K, V]).Flush", Ops: []fsapi.Op{{Arg: fsapi.Recv, Effect: fsapi.Write}}},
		{Name: "example.com/x/log.Check"},
	} {
		got := to.Table.Lookup(want.Name)
		if got == nil || !slices.Equal(got.Ops, want.Ops) || got.Flags != want.Flags || got.Perm != want.Perm || got.Gives != want.Gives || got.Traits != want.Traits {
			t.Errorf("the row of %s is %+v, want %+v", want.Name, got, want)
		}
	}
	if to.Table.Lookup("os.Stat") != fsapi.Lookup("os.Stat") {
		t.Error("the rows of toctou itself are gone")
	}
	if packages := to.Table.Packages(); !packages["example.com/x/store"] || !packages["os"] || packages["example.com/x/log"] {
		t.Error("wrong packages")
	}
	if fsapi.Packages()["example.com/x/store"] {
		t.Error("rows of one run have reached all")
	}
}

// TestFlagsWin checks that what a flag has said stays.
func TestFlagsWin(t *testing.T) {
	to := settings.Settings{Helper: "always"}
	given := map[string]bool{"strict": true, "test": true, "generated": true, "facts": true, "helper": true, "severity": true}
	if err := parse(t, full).Apply(&to, given); err != nil {
		t.Fatal(err)
	}
	if to.Strict || to.Tests || to.Generated || to.NoFacts || to.Helper != "always" || to.Severity != severity.None {
		t.Errorf("settings are %+v", &to)
	}
}

// TestEmpty checks that a file may say nothing.
func TestEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "{}\n", "exclude: []\n"} {
		var to settings.Settings
		if err := parse(t, text).Apply(&to, nil); err != nil || to.Exclude != nil || to.Table != nil {
			t.Errorf("%q: %v, %+v", text, err, &to)
		}
	}
}

// TestWords checks that each word is there once, and that each effect of the
// table has one.
func TestWords(t *testing.T) {
	seen := make(map[string]bool)
	for e := fsapi.Check; e <= fsapi.ByFlags; e++ {
		if !slices.ContainsFunc(Effects, func(w Word[fsapi.Effect]) bool { return w.Is == e }) {
			t.Errorf("effect %d has no word", e)
		}
	}
	for _, w := range Effects {
		if seen[w.Word] || w.Meaning == "" {
			t.Errorf("effect %s: twice, or without a meaning", w.Word)
		}
		seen[w.Word] = true
	}
}

// TestJSON checks that a row can come from JSON, which is how another linter's
// settings arrive.
func TestJSON(t *testing.T) {
	var rows []Row
	const text = `[{"func": "example.com/x/store.Open", "path": 0, "effect": "create", "then": [{"path": "receiver", "effect": "lock"}]}]`
	if err := json.Unmarshal([]byte(text), &rows); err != nil {
		t.Fatal(err)
	}
	table, err := Table(rows)
	if err != nil {
		t.Fatal(err)
	}
	want := []fsapi.Op{{Arg: 0, Effect: fsapi.Create}, {Arg: fsapi.Recv, Effect: fsapi.Lock}}
	if row := table.Lookup("example.com/x/store.Open"); row == nil || !slices.Equal(row.Ops, want) {
		t.Errorf("the row is %+v", row)
	}
	if _, err := Table([]Row{{Func: "nonsense"}}); err == nil {
		t.Error("a row with a malformed name is taken")
	}
}

// FuzzParse checks that no settings file makes the parser panic, and that what
// it takes can be applied.
func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	seeds, err := filepath.Glob(filepath.Join("testdata", "*.yml"))
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("/m/.toctou.yml", data, passes)
		if err != nil {
			return
		}
		var to settings.Settings
		if err := s.Apply(&to, nil); err != nil {
			t.Fatalf("parsed, but cannot be applied: %v", err)
		}
		if to.Exclude != nil {
			to.Exclude("/m/a/b.go")
		}
		for _, r := range s.Functions {
			if to.Table.Lookup(r.Func) == nil {
				t.Errorf("the row of %s is lost", r.Func)
			}
		}
	})
}

// TestSignatures compares rows with functions that are not as they say.
func TestSignatures(t *testing.T) {
	pkg := check(t, `package store
type Store struct{}
func (*Store) Get(path string, mode uint32) (bool, error) { return false, nil }
type Cache[K any] struct{}
func (c Cache[K]) Put(path ...string) {}
type FS interface { Open(path any) error }
func Write(path string, data []byte) {}
func Exit(code int, err error) {}
`)
	for row, want := range map[string]string{
		"{func: (*m/store.Store).Get, path: 0, effect: check, returns: exists}":            "",
		"{func: (*m/store.Store).Get, path: receiver, effect: check}":                      "",
		"{func: (*m/store.Store).Get, path: 0, effect: open, mode: 1}":                     "",
		"{func: '(m/store.Cache[K]).Put', path: 0, effect: create}":                        "",
		"{func: (m/store.FS).Open, path: 0, effect: open}":                                 "",
		"{func: m/store.Write, path: 0, effect: create, content: 1}":                       "",
		"{func: m/store.other, path: 0, effect: open}":                                     "", // not in export data
		"{func: m/store.Other, path: 0, effect: open}":                                     "func: package m/store has no Other",
		"{func: (m/store.Store).Get, path: 0, effect: open}":                               "func: write it as (*m/store.Store).Get",
		"{func: (m/store.Cache).Put, path: 0, effect: open}":                               "func: write it as (m/store.Cache[K]).Put",
		"{func: (m/store.Nosuch).Put, path: 0, effect: open}":                              "func: package m/store has no (m/store.Nosuch).Put",
		"{func: (*m/store.Store).Get, path: 1, effect: open}":                              "path: argument 1 is uint32, want path",
		"{func: (*m/store.Store).Get, path: 2, effect: open}":                              "path: there is no argument 2 in func(path string, mode uint32) (bool, error)",
		"{func: m/store.Write, path: receiver, effect: write}":                             "path: the function is not a method, so it has no receiver",
		"{func: m/store.Write, path: 0, effect: write, mode: 1}":                           "mode: argument 1 is []byte, want mode",
		"{func: m/store.Write, path: 0, effect: by-flags, flags: 1}":                       "flags: argument 1 is []byte, want set of flags",
		"{func: m/store.Write, path: 0, effect: write, content: 2}":                        "content: there is no argument 2 in func(path string, data []byte)",
		"{func: m/store.Write, path: 0, effect: open, returns: file}":                      "returns: func(path string, data []byte) returns nothing",
		"{func: (*m/store.Store).Get, path: 0, effect: check, returns: path}":              "returns: the first result is bool, want string",
		"{func: m/store.Exit, is: [exiting-on-error]}":                                     "is: argument 0 is int, want error",
		"{func: m/store.Write, path: 0, effect: open, is: [beneath-receiver]}":             "is: the function is not a method, so it has no receiver",
		"{func: m/store.Write, path: 0, effect: move, then: [{path: 1, effect: replace}]}": "then: argument 1 is []byte, want path",
	} {
		err := parse(t, "functions:\n  - "+row+"\n").Check(func(path string) (*types.Package, Seen) {
			if path != pkg.Path() {
				t.Errorf("%s: asked for package %s", row, path)
			}
			return pkg, Exported
		})
		got := ""
		if err != nil {
			got = errors.Unwrap(err).Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
}

// check type-checks a package m/store.
func check(t *testing.T, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := goparser.ParseFile(fset, "store.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("m/store", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}
