package fate

import (
	"encoding/binary"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// env is what a walk knows of values at one point: a short list that is
// copied when it changes.
type env []binding

type binding struct {
	v ssa.Value
	a Abs
}

func (e env) get(v ssa.Value) (Abs, bool) {
	for _, b := range e {
		if b.v == v {
			return b.a, true
		}
	}
	return Unknown, false
}

func (e env) set(v ssa.Value, a Abs) env {
	for i, b := range e {
		if b.v != v {
			continue
		}
		switch a {
		case b.a:
			return e
		case Unknown:
			return slices.Concat(e[:i], e[i+1:])
		}
		next := slices.Clone(e)
		next[i].a = a
		return next
	}
	if a == Unknown {
		return e
	}
	return append(slices.Clip(e), binding{v, a})
}

// live returns what of e can still matter. Without this,
// each branch in a row would double the number of states. reach tells which
// blocks can be reached.
func (e env) live(reach blocks) env {
	kept := make(env, 0, len(e))
	for _, x := range e {
		if used(x.v, reach) {
			kept = append(kept, x)
		}
	}
	return kept
}

func used(v ssa.Value, reach blocks) bool {
	if raises(v) {
		return true // the function around looks at it
	}
	refs := v.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		if block := ref.Block(); block != nil && block.Parent() == v.Parent() && reach.has(block) {
			return true
		}
	}
	return false
}

// key appends what tells e from other environments of the walk that the
// values are numbered for.
func (e env) key(to []byte, number func(ssa.Value) uint32) []byte {
	const most = 32 // on the stack
	var buf [most]uint64
	parts := buf[:0]
	for _, b := range e {
		parts = append(parts, uint64(number(b.v))<<8|uint64(b.a))
	}
	slices.Sort(parts)
	for _, p := range parts {
		to = binary.AppendUvarint(to, p)
	}
	return to
}
