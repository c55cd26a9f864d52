// Package fixtest tests the suggested fixes of a pass: against golden files,
// and for what must hold of any fix.
package fixtest

import (
	"bytes"
	"flag"
	"go/format"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

var update = flag.Bool("update", false, "write the golden files of fixes anew")

// Run runs a pass on packages of the test data with the helper setting, and
// compares their fixes with the golden files. What they leave must be
// formatted as it is, compile, and be silent under the whole suite.
func Run(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, helper string, pkgs ...string) {
	t.Helper()
	runAll(t, newPass, helper, false, pkgs)
}

// RunStrict is Run in strict mode.
func RunStrict(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, helper string, pkgs ...string) {
	t.Helper()
	runAll(t, newPass, helper, true, pkgs)
}

func runAll(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, helper string, strict bool, pkgs []string) {
	t.Helper()
	data := analysistest.TestData()
	newAnalyzer := func() *analysis.Analyzer {
		return newPass(passtest.Suite(settings.Settings{Helper: helper, Strict: strict}))
	}
	for _, pkg := range pkgs {
		t.Run(strings.ReplaceAll(pkg, "/", "_"), func(t *testing.T) {
			results := analysistest.Run(t, data, newAnalyzer(), pkg)
			fixed := applyAll(t, results)
			if *update {
				writeGolden(t, fixed)
			}
			compareGolden(t, filepath.Join(data, "src", pkg), fixed)
			checkFormat(t, fixed)
			checkSilent(t, data, pkg, strict, fixed)
		})
	}
}

// RunCRLF is Run on a copy of a package whose lines end as on Windows, and
// holds that the fixes keep that.
func RunCRLF(t *testing.T, newPass func(*pass.Suite) *analysis.Analyzer, helper, pkg string) {
	t.Helper()
	data, dir := analysistest.TestData(), t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(filepath.Join(data, "src"))); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "src", pkg, "*.go*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	a := newPass(passtest.Suite(settings.Settings{Helper: helper}))
	compareGolden(t, filepath.Join(dir, "src", pkg), applyAll(t, analysistest.Run(t, dir, a, pkg)))
}

// applyAll makes the edits of the first fix of each diagnostic, those that
// several fixes share once, and returns the new content of the changed files.
func applyAll(t *testing.T, results []*analysistest.Result) map[string][]byte {
	t.Helper()
	edits := make(fileEdits)
	for _, r := range results {
		for _, d := range r.Diagnostics {
			for _, f := range d.SuggestedFixes[:min(1, len(d.SuggestedFixes))] {
				if f.Message == "" || f.Message[0] < 'A' || f.Message[0] > 'Z' {
					t.Errorf("the fix %q does not begin with a capital verb", f.Message)
				}
				edits.add(r.Pass.Fset, f.TextEdits)
			}
		}
	}
	return edits.apply(t)
}

// fileEdits are edits by file.
type fileEdits map[string][]textEdit

type textEdit struct {
	start, end int
	text       string
}

func (edits fileEdits) add(fset *token.FileSet, list []analysis.TextEdit) {
	for _, e := range list {
		file := fset.File(e.Pos)
		one := textEdit{file.Offset(e.Pos), file.Offset(e.End), string(e.NewText)}
		if !slices.Contains(edits[file.Name()], one) {
			edits[file.Name()] = append(edits[file.Name()], one)
		}
	}
}

// apply returns the new content of the files. No two edits may overlap.
func (edits fileEdits) apply(t *testing.T) map[string][]byte {
	t.Helper()
	fixed := make(map[string][]byte)
	for name, list := range edits {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(list, func(a, b textEdit) int { return a.start - b.start })
		var out []byte
		at := 0
		for _, e := range list {
			if e.start < at {
				t.Fatalf("%s: two edits overlap", name)
			}
			out = append(append(out, src[at:e.start]...), e.text...)
			at = e.end
		}
		fixed[name] = append(out, src[at:]...)
	}
	return fixed
}

func writeGolden(t *testing.T, fixed map[string][]byte) {
	t.Helper()
	for name, text := range fixed {
		if err := os.WriteFile(name+".golden", text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func compareGolden(t *testing.T, dir string, fixed map[string][]byte) {
	t.Helper()
	goldens, err := filepath.Glob(filepath.Join(dir, "*.golden"))
	if err != nil {
		t.Fatal(err)
	}
	for _, golden := range goldens {
		if fixed[strings.TrimSuffix(golden, ".golden")] == nil {
			t.Errorf("nothing fixed where %s says what", golden)
		}
	}
	for name, got := range fixed {
		want, err := os.ReadFile(name + ".golden")
		if err != nil {
			t.Error(err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s fixed is\n%s", name, got)
		}
	}
}

// checkFormat checks that the edits alone leave the files formatted: not every
// tool that applies them formats.
func checkFormat(t *testing.T, fixed map[string][]byte) {
	t.Helper()
	for name, got := range fixed {
		got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
		formatted, err := format.Source(got)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(formatted, got) {
			t.Errorf("%s: the fixed file is not formatted", name)
		}
	}
}

// checkSilent checks that the package compiles with the fixed files, and that
// every pass is silent where a fix was made.
func checkSilent(t *testing.T, data, pkg string, strict bool, fixed map[string][]byte) {
	t.Helper()
	if len(fixed) == 0 {
		return
	}
	dir := t.TempDir()
	src := filepath.Join(dir, "src")
	if err := os.CopyFS(src, os.DirFS(filepath.Join(data, "src"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range fixed {
		text = withoutWants(text)
		if err := os.WriteFile(filepath.Join(src, pkg, filepath.Base(name)), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	stub := filepath.Join(src, "github.com", "edcacfbd", "toctou", "atomicfix")
	if err := os.MkdirAll(stub, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(stub, "atomicfix.go"), []byte(fix.HelperOutline()), 0o666); err != nil {
		t.Fatal(err)
	}
	for pos, message := range diagnose(t, dir, pkg, strict) {
		for name := range fixed {
			if filepath.Base(name) == filepath.Base(pos.Filename) {
				t.Errorf("not silent when fixed: %s: %s", pos, message)
			}
		}
	}
}

// diagnose runs the whole suite on a package below the GOPATH dir, which must
// compile, and returns what it says.
func diagnose(t *testing.T, dir, pkg string, strict bool) map[token.Position]string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax,
		Dir:  dir,
		Env:  append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off", "GOPROXY=off"),
	}, pkg)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the fixed package does not compile")
	}
	graph, err := checker.Analyze(passes.Of(passtest.Suite(settings.Settings{Helper: "always", Strict: strict})), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[token.Position]string)
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Error(act.Err)
		}
		for _, d := range act.Diagnostics {
			found[act.Package.Fset.Position(d.Pos)] = d.Message
		}
	}
	return found
}

// withoutWants removes the expectations of a test file: they are met.
func withoutWants(text []byte) []byte {
	var out []byte
	for line := range bytes.Lines(text) {
		if i := bytes.Index(line, []byte("// want ")); i >= 0 {
			line = append(bytes.TrimRight(line[:i:i], " \t"), '\n')
		}
		out = append(out, line...)
	}
	return out
}
