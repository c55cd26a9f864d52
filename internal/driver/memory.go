package driver

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// littleMemory, in bytes, is less than the go command takes that lists the packages,
// or has them vetted one by one, so that there is nothing to gain below it.
const littleMemory = 28 << 20

// compilerMemory, in bytes, is what the compiler takes before its first collection:
// GCStart in cmd/compile. The go command runs either, the compiler and a vet tool, in
// one process for each package and has as many at once as there are processors; up to
// two fifths of the time of a large package would go into collections.
const compilerMemory = 128 << 20

// perByte is what a byte of source takes in memory, with its syntax and its types,
// in a program that loads all packages at once: 36 to 46 bytes (internal/cost).
const perByte = 40

// growth, in percent of what is in use, is how much is taken between collections
// once the budget is spent. By default it is 100, which takes a tenth more memory
// and saves no time that could be measured.
const growth = 60

// collector has the garbage collector wait until the process takes as much memory
// as others do for the same, its budget: a program that loads all packages at once,
// or the compiler of one.
type collector struct{ budget atomic.Int64 }

// start has the garbage collector wait until so many bytes are taken. If the user has
// said in the environment when it shall run, it does.
func (c *collector) start(budget int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" || c.budget.Load() > 0 {
		return
	}
	c.spend(budget)
	c.watch()
}

// allow makes room for so many bytes of source.
func (c *collector) allow(source int64) {
	if c.budget.Load() > 0 { // the user has not decided
		c.spend(littleMemory + perByte*source)
	}
}

// spend has the next collection wait until so many bytes are taken.
func (c *collector) spend(budget int64) {
	c.budget.Store(budget)
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(budget)
}

// watch has collected be called after the next collection.
func (c *collector) watch() {
	type canary struct{ _ [4]*int } // with a place of its own in memory
	runtime.AddCleanup(new(canary), (*collector).collected, c)
}

// collected has the next collection wait until the budget is spent, and what is in
// use has grown.
func (c *collector) collected() {
	c.watch()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int64(max(sample[0].Value.Uint64(), 1))
	debug.SetGCPercent(int(max(growth, 100*(c.budget.Load()-live)/live)))
	debug.SetMemoryLimit(math.MaxInt64)
}
