// Package env has what the engine needs from the program that runs it, and no
// user decides: what is known of packages that are not analyzed, the content of
// unsaved files, where to log, and what to count.
package env

import (
	"go/types"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"
)

// Env is the environment of one engine. The zero value is right for a driver
// that runs the passes as any others, such as go vet or gopls.
type Env struct {
	// Elsewhere returns what is known of a function whose package is not
	// analyzed, and that has no facts therefore, or nil. It may be nil itself.
	Elsewhere func(*types.Func) analysis.Fact

	// Await returns when Elsewhere knows all that it can about the functions that
	// a package names. Hold runs what may look into packages that are known in
	// part, while none of them is read. Both are nil where packages are analyzed
	// when all is known.
	Await func(*types.Package)
	Hold  func(func())

	// Kept has the fixes of operations for callers in other packages. It is nil where each
	// package is analyzed apart.
	Kept *Kept

	// Overlay is the content of files that differs from what is on disk, by name.
	Overlay map[string][]byte

	Debug func(format string, args ...any) // receives internal errors and each candidate; may be nil
	Fatal bool                             // do not recover from a panic of ours: for our tests

	Stats Stats // what the run cost, counted as it goes
}

// Stats counts what a run did. Counts, unlike times, are the same in each run.
type Stats struct {
	Packages  atomic.Int64 // packages seen
	Again     atomic.Int64 // packages seen once more, since others show something of their files
	SSA       atomic.Int64 // packages whose SSA form was built
	Functions atomic.Int64 // functions searched for operations on paths
	Steps     atomic.Int64 // blocks of functions entered by walks
	Partly    atomic.Int64 // functions analyzed in part: there is too much in them
	Facts     atomic.Int64 // facts exported
	Parsed    atomic.Int64 // dependencies that may touch files and have functions that are called, by names
	Checked   atomic.Int64 // those of them that were type-checked, too
	Recovered atomic.Int64 // packages given up because of an error of ours
}

// Recover turns a panic in our code into an empty result when it is deferred: one
// that escaped would end the analysis of everything that depends on the
// package. what names the work that is given up, and silence empties its
// results.
func (e *Env) Recover(what string, silence func()) {
	if e.Fatal {
		return
	}
	r := recover()
	if r == nil {
		return
	}
	e.Stats.Recovered.Add(1)
	e.Debugf("%s: given up: %v\n%s", what, r, debug.Stack())
	silence()
}

// Look runs f, which may look into packages that are known in part; see Hold.
func (e *Env) Look(f func()) {
	if e.Hold == nil {
		f()
		return
	}
	e.Hold(f)
}

// Debugf logs an internal error or a candidate, if Debug is set.
func (e *Env) Debugf(format string, args ...any) {
	if e.Debug != nil {
		e.Debug(format, args...)
	}
}
