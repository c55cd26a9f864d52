package fate

import "golang.org/x/tools/go/ssa"

// A terrain is the data of a function that all walks through it share, computed once.
type terrain struct {
	ids     map[ssa.Value]int
	tracked map[ssa.Value]bool
	live    []bits // by the number of a value, the blocks in which it matters
}

func newTerrain() *terrain {
	return &terrain{ids: make(map[ssa.Value]int), tracked: make(map[ssa.Value]bool)}
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

// used reports whether anything looks at a value from the start of block b on,
// before it is computed anew.
func (t *terrain) used(x *binding, b *ssa.BasicBlock) bool {
	if raises(x.v) {
		return true // the function around looks at it
	}
	for x.id >= len(t.live) {
		t.live = append(t.live, nil)
	}
	if t.live[x.id] == nil {
		t.live[x.id] = live(x.v, len(b.Parent().Blocks))
	}
	if b == definition(x.v) {
		if _, phi := x.v.(*ssa.Phi); !phi { // a phi has its value before the block begins
			return false
		}
	}
	return t.live[x.id].has(b.Index)
}

// live returns the blocks, of n, at whose start something may yet look at what v
// holds then, and the block that defines v if anything does there or later.
func live(v ssa.Value, n int) bits {
	seen := make(bits, (n+63)/64)
	refs := v.Referrers()
	if refs == nil {
		return seen
	}
	def := definition(v)
	var work []*ssa.BasicBlock
	reach := func(b *ssa.BasicBlock) {
		if !seen.has(b.Index) {
			seen.add(b.Index)
			if b != def {
				work = append(work, b)
			}
		}
	}
	for _, ref := range *refs {
		block := ref.Block()
		if block == nil || block.Parent() != v.Parent() {
			continue
		}
		phi, ok := ref.(*ssa.Phi)
		if !ok {
			reach(block)
			continue
		}
		for i, e := range phi.Edges {
			if e == v {
				reach(block.Preds[i])
			}
		}
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range b.Preds {
			reach(p)
		}
	}
	return seen
}

// definition returns the block that computes v, or nil for a parameter.
func definition(v ssa.Value) *ssa.BasicBlock {
	if instr, ok := v.(ssa.Instruction); ok {
		return instr.Block()
	}
	return nil
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
