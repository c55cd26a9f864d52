package overlay

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLines instruments the Go that runs the test: all that is required is found, what
// comes of it is Go, and no line of it has moved.
func TestLines(t *testing.T) {
	tc, err := Find(".", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for pkg, least := range map[string]int{"os": 5, "testing": 2} {
		files := make(map[string][]byte)
		if err := instrument(tc, pkg, files); err != nil {
			t.Fatal(err)
		}
		if len(files) < least {
			t.Errorf("%d files of package %s change", len(files), pkg)
		}
		for name, text := range files {
			src, err := os.ReadFile(filepath.Join(tc.Root, "src", name))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), name, text, 0); err != nil {
				t.Error(err)
			}
			was, is := strings.Split(string(src), "\n"), strings.Split(string(text), "\n")
			for i, line := range was {
				if fn, ok := strings.CutPrefix(line, "func "); ok && !strings.HasPrefix(strings.ReplaceAll(is[i], "toctou", ""), "func "+fn[:strings.Index(fn, "(")+1]) {
					t.Errorf("%s:%d: %s has become %s", name, i+1, line, is[i])
				}
			}
		}
	}
}

// TestUnknownSources has the sources of another Go fail loudly.
func TestUnknownSources(t *testing.T) {
	for src, want := range map[string]string{
		"package testing\nfunc tRunner(t *T, fn func(t *T)) { go fn(t) }": "does not call fn(t)",
	} {
		if _, err := edit("testing", "testing.go", []byte(src), map[string]bool{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
	for src, want := range map[string]string{
		"package os\nfunc Stat(path string) (FileInfo, error) { return nil, nil }": "no parameter name",
		"package os\nfunc Stat(string) (FileInfo, error) { return nil, nil }":      "a parameter has no name",
		"package os\nfunc Stat(name string) FileInfo { return nil }":               "its last result is no error",
	} {
		if _, err := edit("os", "stat.go", []byte(src), map[string]bool{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// TestReturns holds what becomes of functions with findings.
func TestReturns(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"func f() error {\n\treturn nil }", `func f() (toctouErr error) { defer func() { toctouos.ToctouReturned("f", toctouErr) }();` + "\n\treturn nil }"},
		{"func f(p string) (*T, error) { return nil, nil }", `func f(p string) (_ *T, toctouErr error) { defer func() { toctouos.ToctouReturned("f", toctouErr) }(); return nil, nil }`},
		{"func (t *T) f() (n int, err error) { return }", `func (t *T) f() (n int, err error) { defer func() { toctouos.ToctouReturned("f", err) }(); return }`},
		{"func f() (n int, _ error) { return }", ""},
		{"func f() {}", ""},
		{"func f() int { return 0 }", ""},
	} {
		src := "package p\n" + c.src
		got, err := Returns("p.go", []byte(src), []int{len(src) - 2})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if c.want != "" {
			want = "package p; import toctouos \"os\"\n" + c.want
		}
		if string(got) != want {
			t.Errorf("%s\nbecomes %s\nwant    %s", c.src, got, want)
		}
	}
	// A function without a finding stays.
	if got, _ := Returns("p.go", []byte("package p\nfunc f() error { return nil }\n"), []int{3}); got != nil {
		t.Errorf("%s", got)
	}
}

// TestWriteIfChanged holds that a file that is as it should be is not touched, so that
// the go command builds nothing again.
func TestWriteIfChanged(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a", "b.go")
	for i, text := range []string{"one", "one", "two"} {
		before, _ := os.Stat(name)
		if err := writeIfChanged(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		after, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if same := before != nil && os.SameFile(before, after); same != (i == 1) {
			t.Errorf("write %d: the same file: %t", i, same)
		}
		if got, _ := os.ReadFile(name); string(got) != text {
			t.Errorf("write %d: %s", i, got)
		}
	}
}
