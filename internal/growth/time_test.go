//go:build unix

package growth_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/edcacfbd/toctou/internal/growth"
)

// tooLong is what ten thousand operations in one function may cost, in processor
// time, which other work on the machine does not change much.
const tooLong = 2 * time.Second

// TestTime shows what large functions cost, at the sizes that TOCTOU_GROWTH lists,
// and checks it at that of ten thousand. It is no test for every day: the counts
// of TestCounts do not depend on the machine.
func TestTime(t *testing.T) {
	const operations = 10_000
	var sizes []int
	for text := range strings.FieldsSeq(os.Getenv("TOCTOU_GROWTH")) {
		var n int
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, n)
	}
	if len(sizes) == 0 {
		t.Skip("TOCTOU_GROWTH lists no sizes")
	}
	for _, s := range growth.Shapes {
		t.Run(s.Name, func(t *testing.T) {
			for _, n := range sizes {
				// One program at a time: the collector looks through all that are loaded.
				pkgs := load(t, map[string]string{"p": s.Source(n / s.Operations)})
				runtime.GC()
				before := processTime()
				stats := analyze(t, pkgs["p"])
				cost := processTime() - before
				t.Logf("%d operations: %v, %d steps, %d functions in part", n, cost.Round(time.Millisecond), stats.Steps.Load(), stats.Partly.Load())
				if n == operations && s.OneFunction && cost > tooLong {
					t.Errorf("%d operations in one function cost %v", n, cost)
				}
			}
		})
	}
}

// processTime is the processor time that the process has had.
func processTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
