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

// maxCached bounds the blocks of a function of which it is kept what can be
// reached from where, which takes the square of their number.
const maxCached = 1024

// Effort is what the walks through the functions of one package have cost.
type Effort struct {
	// Over is told of a walk through a function that was given up: it was too
	// long, or all of them were together. It may be nil.
	Over func(fn *ssa.Function)

	// Steps counts the blocks that were entered, if it is not nil.
	Steps *atomic.Int64

	spent map[*ssa.Function]int
	reach map[*ssa.BasicBlock]blocks
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

// giveUp tells that a walk through fn was not finished.
func (e *Effort) giveUp(fn *ssa.Function) {
	if e != nil && e.Over != nil {
		e.Over(fn)
	}
}

// reachable returns the blocks that can be reached from b, b included.
func (e *Effort) reachable(b *ssa.BasicBlock) blocks {
	fn := b.Parent()
	if e == nil || len(fn.Blocks) > maxCached {
		r := reachable(b)
		e.spend(fn, len(fn.Blocks))
		return r
	}
	r, ok := e.reach[b]
	if !ok {
		if e.reach == nil {
			e.reach = make(map[*ssa.BasicBlock]blocks)
		}
		r = reachable(b)
		e.reach[b] = r
	}
	return r
}

// blocks is a set of the blocks of one function.
type blocks []uint64

func (s blocks) has(b *ssa.BasicBlock) bool { return s[b.Index/64]&(1<<(b.Index%64)) != 0 }

func (s blocks) add(b *ssa.BasicBlock) { s[b.Index/64] |= 1 << (b.Index % 64) }

// reachable returns the blocks that can be reached from b, b included.
func reachable(b *ssa.BasicBlock) blocks {
	seen := make(blocks, (len(b.Parent().Blocks)+63)/64)
	seen.add(b)
	for work := []*ssa.BasicBlock{b}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range x.Succs {
			if !seen.has(s) {
				seen.add(s)
				work = append(work, s)
			}
		}
	}
	return seen
}
