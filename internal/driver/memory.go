package driver

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// littleMemory, in bytes, is less than the go command takes that lists the
// packages, so that there is nothing to gain below it.
const littleMemory = 28 << 20

// startCollector has the garbage collector wait until more than a little memory
// is taken, and run as it does by default from then on: whenever what is in use
// has doubled. If the user has said in the environment when it shall run, it does.
func startCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(littleMemory)
	collected := new(struct{ int }) // goes the first time that it runs
	runtime.AddCleanup(collected, func(struct{}) {
		debug.SetGCPercent(100)
		debug.SetMemoryLimit(math.MaxInt64)
	}, struct{}{})
}
