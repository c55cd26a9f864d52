package driver

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// By default the garbage collector runs when the memory in use has doubled: too
// often while that is little, and too late once the packages are loaded.
const (
	// littleMemory is less than the go command takes that lists the packages, so
	// that there is nothing to gain below it.
	littleMemory = 28 << 20

	// analysisShare is what the analysis may take, where the load has taken one.
	// Of the packages that are in memory then, more and more are done with.
	analysisShare = 1.35
)

// A collection says when the garbage collector runs, unless the user has said so
// in the environment.
type collection struct {
	sync.Mutex
	loading bool
}

// startLoad has the collector wait until more than a little memory is taken, and
// run as it does by default from then on.
func (c *collection) startLoad() {
	c.Lock()
	defer c.Unlock()
	c.loading = true
	setCollector(-1, littleMemory)
	collected := &struct{ *collection }{c} // goes the first time that it runs
	runtime.AddCleanup(collected, func(c *collection) {
		c.Lock()
		defer c.Unlock()
		if c.loading {
			setCollector(100, math.MaxInt64)
		}
	}, c)
}

// endLoad bounds the memory of what follows.
func (c *collection) endLoad() {
	c.Lock()
	defer c.Unlock()
	c.loading = false
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	setCollector(-1, max(littleMemory, int64(analysisShare*float64(m.Sys-m.HeapReleased))))
}

// setCollector has the garbage collector run when the heap has grown by a
// percentage, never if that is negative, or when all memory comes near a limit.
func setCollector(percent int, limit int64) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
