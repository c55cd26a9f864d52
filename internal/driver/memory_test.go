package driver

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// TestCollection holds when the garbage collector is bounded: before it has run
// for the first time, and from the end of the load on.
func TestCollection(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	before := limit()
	t.Cleanup(func() {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(before)
	})
	var c collection
	c.startLoad()
	for end := time.Now().Add(time.Minute); limit() != math.MaxInt64; runtime.GC() {
		if time.Now().After(end) {
			t.Fatal("the load is still bounded after a collection")
		}
	}
	c.startLoad()
	c.endLoad()
	for range 3 { // of which the first ends what the load has waited for
		runtime.GC()
		time.Sleep(10 * time.Millisecond)
	}
	if limit() == math.MaxInt64 {
		t.Error("the analysis is not bounded after a collection")
	}
	t.Setenv("GOGC", "50")
	debug.SetMemoryLimit(1 << 40)
	c.startLoad()
	if limit() != 1<<40 {
		t.Error("the limit is ours though the user has chosen")
	}
}
