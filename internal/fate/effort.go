package fate

import (
	"sync/atomic"

	"golang.org/x/tools/go/ssa"
)

// maxEffort bounds what all walks through one function may cost together, in
// instructions that they pass: four times what the dearest function of the real
// programs in docs/benchmarks.md needs. A function with thousands of operations,
// each of which starts walks of its own, needs more.
const maxEffort = 2_000_000

// maxLost bounds how many walks through one function are tried in vain. One that
// is too long for a walk in one place is so in most others.
const maxLost = 4

// Effort is what the walks through the functions of one package have cost.
type Effort struct {
	// Over is called for a walk through a function that was abandoned: it was too
	// long, or all of them were together. It may be nil.
	Over func(fn *ssa.Function)

	// Steps counts the blocks that were entered, if it is not nil.
	Steps *atomic.Int64

	spent    map[*ssa.Function]int
	lost     map[*ssa.Function]int // walks that were given up
	terrains map[*ssa.Function]*terrain
}

// spend accounts for a part of a walk, and reports whether it may go on.
func (e *Effort) spend(fn *ssa.Function, cost int) bool {
	if e == nil {
		return true
	}
	if e.spent == nil {
		e.spent = make(map[*ssa.Function]int)
	}
	if e.Steps != nil {
		e.Steps.Add(1)
	}
	e.spent[fn] += cost
	return e.spent[fn] <= maxEffort
}

// giveUp records that a walk through fn was not finished.
func (e *Effort) giveUp(fn *ssa.Function) {
	if e == nil {
		return
	}
	if e.lost == nil {
		e.lost = make(map[*ssa.Function]int)
	}
	e.lost[fn]++
	if e.Over != nil {
		e.Over(fn)
	}
}

// hopeless reports whether a walk through fn need not be tried.
func (e *Effort) hopeless(fn *ssa.Function) bool { return e != nil && e.lost[fn] >= maxLost }

// terrain returns what is known of a function.
func (e *Effort) terrain(fn *ssa.Function) *terrain {
	if e == nil {
		return newTerrain()
	}
	t, ok := e.terrains[fn]
	if !ok {
		if e.terrains == nil {
			e.terrains = make(map[*ssa.Function]*terrain)
		}
		t = newTerrain()
		e.terrains[fn] = t
	}
	return t
}
