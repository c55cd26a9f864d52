package passes_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/passes"
	"github.com/edcacfbd/toctou/passes/checkact"
	"github.com/edcacfbd/toctou/passes/existscreate"
	"github.com/edcacfbd/toctou/passes/fdlife"
	"github.com/edcacfbd/toctou/passes/lostupdate"
	"github.com/edcacfbd/toctou/passes/pathreuse"
	"github.com/edcacfbd/toctou/passes/resolveopen"
	"github.com/edcacfbd/toctou/passes/statopen"
	"github.com/edcacfbd/toctou/passes/tempname"
	"github.com/edcacfbd/toctou/passes/toctouignore"
	"github.com/edcacfbd/toctou/passes/tornwrite"
	"github.com/edcacfbd/toctou/passes/walkrace"
	"github.com/edcacfbd/toctou/passes/writechmod"
)

// TestAnalyzers checks that the variables Analyzer of the passes are all there, and
// can run in one program.
func TestAnalyzers(t *testing.T) {
	analyzers := []*analysis.Analyzer{
		statopen.Analyzer, existscreate.Analyzer, writechmod.Analyzer, tornwrite.Analyzer,
		pathreuse.Analyzer, checkact.Analyzer, tempname.Analyzer, resolveopen.Analyzer,
		walkrace.Analyzer, lostupdate.Analyzer, fdlife.Analyzer, toctouignore.Analyzer,
	}
	if err := analysis.Validate(analyzers); err != nil {
		t.Fatal(err)
	}
	rules := passes.Rules()
	if len(rules) != len(analyzers) {
		t.Fatalf("%d passes have a variable, and there are %d", len(analyzers), len(rules))
	}
	for i, a := range analyzers {
		if a.Name != rules[i].Name {
			t.Errorf("%s is in the place of %s", a.Name, rules[i].Name)
		}
	}
}

// TestMulticheckerSample runs the sample program on the demo, by itself and as the
// tool of go vet.
func TestMulticheckerSample(t *testing.T) {
	program := filepath.Join(t.TempDir(), "multichecker")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	run := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = ".."
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil && args[0] == "build" {
			t.Fatalf("%v: %s", err, out.String())
		}
		return out.String()
	}
	run("go", "build", "-o", program, "./testdata/multichecker")
	for _, out := range []string{
		run(program, "./testdata/demo/config"),
		run("go", "vet", "-vettool="+program, "./testdata/demo/config"),
	} {
		if !strings.Contains(out, "os.ReadFile fails if another process removes the file after the os.Stat on line") {
			t.Errorf("the sample does not find the race of the demo: %s", out)
		}
	}
}
