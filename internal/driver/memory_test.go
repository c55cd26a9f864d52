package driver

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestCollector checks that the garbage collector waits for the budget to be spent,
// and then until what is in use has grown.
func TestCollector(t *testing.T) {
	t.Setenv("GOMEMLIMIT", "")
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	before := limit()
	t.Cleanup(func() {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(before)
	})
	// collected returns the percent by which memory may grow, once a collection has
	// set it to more than so many: it does so on the side.
	collected := func(above int) int {
		for end := time.Now().Add(time.Minute); ; runtime.GC() {
			percent := debug.SetGCPercent(-1)
			debug.SetGCPercent(percent)
			switch {
			case limit() == math.MaxInt64 && percent > above:
				return percent
			case time.Now().After(end):
				t.Fatalf("the collector does not run: %d%%", percent)
			}
		}
	}
	var unused, used collector
	t.Setenv("GOGC", "50")
	debug.SetMemoryLimit(1 << 40)
	unused.start(littleMemory)
	unused.allow(1 << 20)
	if limit() != 1<<40 {
		t.Error("the limit is ours though the user has chosen")
	}
	t.Setenv("GOGC", "")
	used.start(littleMemory)
	if limit() != littleMemory {
		t.Errorf("the first collection comes at %d bytes", limit())
	}
	first := collected(growth - 1)
	used.allow(1 << 30)
	if got, want := limit(), int64(littleMemory+perByte<<30); got != want {
		t.Errorf("the next collection comes at %d bytes, not at %d", got, want)
	}
	collected(first)
}
