package fate

import "golang.org/x/tools/go/ssa"

// maxCached bounds the blocks of a function of which it is kept what can be
// reached from where, which takes the square of their number.
const maxCached = 1024

// A terrain is what all walks through one function ask of it, worked out once.
type terrain struct {
	ids     map[ssa.Value]int
	tracked map[ssa.Value]bool
	reach   []bits     // by block, nil where it has not been asked for
	uses    []liveness // by block, the same

	// Of a function that is too large for that, what was asked for last.
	at    *ssa.BasicBlock
	below bits
}

// liveness tells of the values of a function, by their numbers, whether anything
// uses them from one block on.
type liveness struct{ asked, used bits }

func newTerrain(fn *ssa.Function) *terrain {
	t := &terrain{ids: make(map[ssa.Value]int), tracked: make(map[ssa.Value]bool)}
	if n := len(fn.Blocks); n <= maxCached {
		t.reach, t.uses = make([]bits, n), make([]liveness, n)
	}
	return t
}

// id numbers values by identity.
func (t *terrain) id(v ssa.Value) int {
	n, ok := t.ids[v]
	if !ok {
		n = len(t.ids)
		t.ids[v] = n
	}
	return n
}

// trackable is the function of that name, remembered.
func (t *terrain) trackable(addr ssa.Value) bool {
	is, ok := t.tracked[addr]
	if !ok {
		is = trackable(addr)
		t.tracked[addr] = is
	}
	return is
}

// cached reports whether it is kept what can be reached from where.
func (t *terrain) cached() bool { return t.uses != nil }

// reachable is the function of that name, remembered.
func (t *terrain) reachable(b *ssa.BasicBlock) bits {
	if !t.cached() {
		if t.at != b {
			t.at, t.below = b, reachable(b)
		}
		return t.below
	}
	if t.reach[b.Index] == nil {
		t.reach[b.Index] = reachable(b)
	}
	return t.reach[b.Index]
}

// used reports whether anything looks at a value from block b on.
func (t *terrain) used(x *binding, b *ssa.BasicBlock) bool {
	if raises(x.v) {
		return true // the function around looks at it
	}
	if !t.cached() {
		return used(x.v, t.reachable(b))
	}
	known := &t.uses[b.Index]
	if known.asked.has(x.id) {
		return known.used.has(x.id)
	}
	is := used(x.v, t.reachable(b))
	known.asked.add(x.id)
	if is {
		known.used.add(x.id)
	}
	return is
}

func used(v ssa.Value, reach bits) bool {
	refs := v.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		if block := ref.Block(); block != nil && block.Parent() == v.Parent() && reach.has(block.Index) {
			return true
		}
	}
	return false
}

// bits is a set of small numbers.
type bits []uint64

func (s bits) has(i int) bool { return i/64 < len(s) && s[i/64]&(1<<(i%64)) != 0 }

func (s *bits) add(i int) {
	for i/64 >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[i/64] |= 1 << (i % 64)
}

// reachable returns the blocks that can be reached from b, b included.
func reachable(b *ssa.BasicBlock) bits {
	seen := make(bits, (len(b.Parent().Blocks)+63)/64)
	seen.add(b.Index)
	for work := []*ssa.BasicBlock{b}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, s := range x.Succs {
			if !seen.has(s.Index) {
				seen.add(s.Index)
				work = append(work, s)
			}
		}
	}
	return seen
}
