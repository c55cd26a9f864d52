package driver

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestCollector holds that the garbage collector is bounded before it has run for
// the first time, and no longer.
func TestCollector(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	before := limit()
	t.Cleanup(func() {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(before)
	})
	startCollector()
	for end := time.Now().Add(time.Minute); limit() != math.MaxInt64; runtime.GC() {
		if time.Now().After(end) {
			t.Fatal("the run is still bounded after a collection")
		}
	}
	t.Setenv("GOGC", "50")
	debug.SetMemoryLimit(1 << 40)
	startCollector()
	if limit() != 1<<40 {
		t.Error("the limit is ours though the user has chosen")
	}
}
