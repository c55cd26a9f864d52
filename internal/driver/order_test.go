package driver

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/edcacfbd/toctou/internal/output"
)

// TestSameInEachOrder holds that what is found does not depend on the order in
// which packages are analysed, nor on how many are at once. TestEndurance does so
// for whole modules.
func TestSameInEachOrder(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	found := func(processors int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		o := newOptions()
		o.settings.Strict, o.settings.Fatal, o.settings.Helper = true, true, "always"
		loaded, err := load(root, "", []string{"./testdata/demo/..."}, &o.settings)
		if err != nil {
			t.Fatal(err)
		}
		rand.Shuffle(len(loaded.packages), func(i, j int) {
			loaded.packages[i], loaded.packages[j] = loaded.packages[j], loaded.packages[i]
		})
		result, err := analyze(o.analyzers, loaded.packages)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		report := &output.Report{Findings: result.findings(root), Problems: loaded.problems, Root: root}
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
