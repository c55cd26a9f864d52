package driver

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/edcacfbd/toctou/internal/output"
)

// TestSameInEachOrder checks that what is found does not depend on the order in
// which packages are analyzed, nor on how many are at once. TestEndurance does so
// for whole modules.
func TestSameInEachOrder(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	found := func(processors int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		o := newOptions()
		o.settings.Strict, o.env.Fatal, o.settings.Helper = true, true, "always"
		listed, err := o.list(root, []string{"./testdata/demo/..."}, "")
		if err != nil {
			t.Fatal(err)
		}
		listed.program.Shuffle(rand.Shuffle)
		result := listed.analyze(o)
		var b bytes.Buffer
		report := &output.Report{Findings: result.findings, Problems: result.problems, Root: root}
		if len(report.Findings) < 5 {
			t.Fatalf("%d findings in the specimens", len(report.Findings))
		}
		if err := output.Write(&b, "json", report); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	first := found(1)
	for range 3 {
		if next := found(max(4, runtime.NumCPU())); !bytes.Equal(first, next) {
			t.Fatalf("two runs differ:\n%s\n%s", first, next)
		}
	}
}
