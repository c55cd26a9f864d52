package suppress_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/suppress"
)

// passes are the passes that the tests of this package name.
var passes = []string{"statopen", "tornwrite", "existscreate", "writechmod", "pathreuse"}

// files reads one file of source, and returns the position at which it says
// HERE.
func files(t *testing.T, s *settings.Settings, name, src string) (*suppress.Files, token.Pos) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{f}}
	at := strings.Index(src, "HERE")
	if at < 0 {
		t.Fatalf("%s does not say HERE", name)
	}
	return suppress.NewFiles(pass, s, passes), fset.File(f.Pos()).Pos(at)
}

func TestSuppressed(t *testing.T) {
	tests := []struct {
		name, src  string
		suppressed bool
	}{
		{"no comment", "HERE()", false},
		{"on the line", "HERE() //toctou:ignore one process only", true},
		{"above the line", "//toctou:ignore one process only\nHERE()", true},
		{"above, in a group", "//toctou:ignore one process only\n// and a remark.\nHERE()", true},
		{"above a comment before the call", "//toctou:ignore one process only\n/* a remark */ HERE()", true},
		{"above a comment before another call", "//toctou:ignore one process only\n/* a remark */ f()\nHERE()", false},
		{"above a comment alone on its line", "//toctou:ignore one process only\n/* a remark */\nHERE()", true},
		{"above a comment of two lines", "//toctou:ignore one process only\n/* a\nremark */ HERE()", true},
		{"above a comment before a brace", "{\n//toctou:ignore one process only\n/* a remark */ }\nHERE()", false},
		{"below the line", "HERE()\n//toctou:ignore one process only", false},
		{"two lines above", "//toctou:ignore one process only\n\nHERE()", false},
		{"on the line above", "f() //toctou:ignore one process only\ng()\nHERE()", false},
		{"without a reason", "HERE() //toctou:ignore", false},
		{"with blanks for a reason", "HERE() //toctou:ignore   ", false},
		{"for the pass", "HERE() //toctou:ignore statopen one process only", true},
		{"for the pass without a reason", "HERE() //toctou:ignore statopen", false},
		{"for several", "HERE() //toctou:ignore tornwrite,statopen one process only", true},
		{"for another pass", "HERE() //toctou:ignore tornwrite one process only", false},
		{"a pass that is misspelt", "HERE() //toctou:ignore statopenn one process only", false},
		{"one of several passes that is none", "HERE() //toctou:ignore statopen,nosuch one process only", false},
		{"a reason that begins with a list", "HERE() //toctou:ignore readers,writers are one process", true},
		{"a reason that starts as a pass does", "HERE() //toctou:ignore statopen: one process only", true},
		{"a space before", "HERE() // toctou:ignore one process only", false},
		{"another directive", "HERE() //toctou:ignored one process only", false},
		{"with a comment of its own", "HERE() //toctou:ignore // one process only", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, at := files(t, new(settings.Settings), "a.go", "package a\n\nfunc _() {\n"+test.src+"\n}\n")
			if got := f.Suppressed("statopen", at) != nil; got != test.suppressed {
				t.Errorf("suppressed = %v", got)
			}
			if got := f.Shown("statopen", at); got == test.suppressed {
				t.Errorf("shown = %v", got)
			}
		})
	}
}

// TestScopes checks that a comment above a function or a file is for all of it.
func TestScopes(t *testing.T) {
	tests := []struct {
		name, src  string
		suppressed bool
	}{
		{"above the function", "package a\n\n// f does it.\n//\n//toctou:ignore one process only\nfunc f() {\n\tif true {\n\t\tHERE()\n\t}\n}\n", true},
		{"above another function", "package a\n\n//toctou:ignore one process only\nfunc f() {}\n\nfunc g() {\n\tHERE()\n}\n", false},
		{"apart from the function", "package a\n\n//toctou:ignore one process only\n\nfunc g() {\n\tHERE()\n}\n", false},
		{"above the package clause", "//toctou:ignore one process only\n\npackage a\n\nfunc g() {\n\tHERE()\n}\n", true},
		{"in the package's documentation", "// Package a is one.\n//\n//toctou:ignore statopen one process only\npackage a\n\nfunc g() {\n\tHERE()\n}\n", true},
		{"above the file for another pass", "//toctou:ignore tornwrite one process only\n\npackage a\n\nfunc g() {\n\tHERE()\n}\n", false},
		{"below the package clause", "package a\n\n//toctou:ignore one process only\n\nfunc g() {\n\tHERE()\n}\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, at := files(t, new(settings.Settings), "a.go", test.src)
			if got := f.Suppressed("statopen", at) != nil; got != test.suppressed {
				t.Errorf("suppressed = %v", got)
			}
		})
	}
}

// TestIgnores checks what is read from the comments, those that suppress
// nothing included.
func TestIgnores(t *testing.T) {
	f, _ := files(t, new(settings.Settings), "a.go", `package a

//toctou:ignore HERE
//toctou:ignore
//toctou:ignore statopen,writechmod the mode is right
//toctou:ignore pathreuse
`)
	var got []string
	for _, ig := range f.Ignores() {
		got = append(got, strings.Join(ig.Passes, ",")+": "+ig.Reason)
	}
	want := ": HERE|: |statopen,writechmod: the mode is right|pathreuse: "
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("read %q, want %q", s, want)
	}
}

func TestInScope(t *testing.T) {
	const plain = "package a\n\nvar _ = HERE\n"
	tests := []struct {
		name, file, src string
		settings        settings.Settings
		want            bool
	}{
		{"plain", "a.go", plain, settings.Settings{}, true},
		{"test", "a_test.go", plain, settings.Settings{}, false},
		{"test, asked for", "a_test.go", plain, settings.Settings{Tests: true}, true},
		{"a name that only ends in test", "atest.go", plain, settings.Settings{}, true},
		{"helper of tests", "a.go", "package a\n\nimport \"testing\"\n\nfunc _(testing.TB) { HERE() }\n", settings.Settings{}, false},
		{"helper of tests, asked for", "a.go", "package a\n\nimport \"testing\"\n\nfunc _(testing.TB) { HERE() }\n", settings.Settings{Tests: true}, true},
		{"generated", "a.go", "// Code generated by x. DO NOT EDIT.\n\n" + plain, settings.Settings{}, false},
		{"generated, asked for", "a.go", "// Code generated by x. DO NOT EDIT.\n\n" + plain, settings.Settings{Generated: true}, true},
		{"generated, but edited", "a.go", "// Code generated by x.\n\n" + plain, settings.Settings{}, true},
	}
	for i := range tests {
		test := &tests[i]
		t.Run(test.name, func(t *testing.T) {
			f, at := files(t, &test.settings, test.file, test.src)
			if got := f.InScope(at); got != test.want {
				t.Errorf("in scope = %v", got)
			}
		})
	}
}

// TestElsewhere checks that a position outside the package's files, as code
// that cgo makes has, is not reported.
func TestElsewhere(t *testing.T) {
	f, _ := files(t, new(settings.Settings), "a.go", "package a\n\nvar _ = HERE\n")
	if f.InScope(token.NoPos) || f.Shown("statopen", token.NoPos) {
		t.Error("a position of no file is reported")
	}
}

// TestConstrained checks which files are compiled on some systems only.
func TestConstrained(t *testing.T) {
	const plain = "package a\n\nvar _ = HERE\n"
	for _, test := range []struct {
		file, src string
		want      bool
	}{
		{"a.go", plain, false},
		{"a_linux.go", plain, true},
		{"a_windows_test.go", plain, true},
		{"a_arm64.go", plain, true},
		{"linux.go", plain, false},
		{"a.go", "//go:build unix\n\n" + plain, true},
		{"a.go", "// Package a is built by go.\n" + plain, false},
	} {
		f, at := files(t, new(settings.Settings), test.file, test.src)
		if got := f.Constrained(at); got != test.want {
			t.Errorf("%s: constrained = %v\n%s", test.file, got, test.src)
		}
	}
}
