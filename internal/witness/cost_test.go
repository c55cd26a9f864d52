package witness

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// cost names a directory with a package whose tests are measured.
var cost = flag.String("cost", "", "measure what recording costs in the tests of the package in `dir`")

// TestCost measures what recording adds to the processor time of a test suite: ten runs
// of the test binary with it and ten without, in turn, in the same copies. It compares
// the medians, and does not count the time of the supervisor.
//
//	go test ./internal/witness -run TestCost -v -cost DIR
func TestCost(t *testing.T) {
	if *cost == "" {
		t.Skip("-cost names no package")
	}
	needs(t)
	ctx := context.Background()
	w := &work{Request: &Request{Dir: *cost, Patterns: []string{"."}, Timeout: 5 * time.Minute, Log: io.Discard, Whole: true}, report: new(Report)}
	if err := w.prepare(ctx); err != nil {
		t.Fatal(err)
	}
	defer w.clean()
	if len(w.packages) != 1 {
		t.Fatal("it has no tests")
	}
	pkg := w.packages[0]
	binaries := make(map[bool]string)
	for _, records := range []bool{false, true} {
		binaries[records] = filepath.Join(t.TempDir(), "a.test")
		args := []string{"test", "-c", "-vet=off", "-o", binaries[records]}
		if records {
			args = append(args, "-overlay="+w.overlay)
		}
		if _, err := w.goCommand(ctx, args...); err != nil {
			t.Fatal(err)
		}
	}
	spent := make(map[bool][]time.Duration)
	events := 0
	for i := range 10 {
		for _, records := range []bool{i%2 == 0, i%2 != 0} {
			dir := filepath.Join(w.session.Dir, "r", fmt.Sprint(i, records))
			if err := launch.Prepare(&launch.Run{Session: w.session.Dir, Dir: dir, Copies: w.session.Copies}); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(ctx, w.self, ExecWord, w.session.Dir, binaries[records], "-test.count=1", "-test.timeout=0")
			cmd.Dir = w.session.Packages[pkg.Dir]
			cmd.Env = append(os.Environ(), launch.RunVariable+"="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Logf("the tests fail: %v\n%s", err, out)
			}
			result, log, err := launch.LoadResult(dir)
			if err != nil {
				t.Fatal(err)
			}
			spent[records] = append(spent[records], result.Spent)
			events = max(events, len(log.Events))
		}
	}
	with, without := median(spent[true]), median(spent[false])
	t.Logf("%s: %d operations recorded; the medians of %d runs: with it %s of processor time, and %s without: %.3f", pkg.ImportPath, events, len(spent[true]), with, without, float64(with)/float64(without))
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}
