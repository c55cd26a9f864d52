package fate

import (
	"encoding/binary"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// env is what a walk knows of values at one point: a short list by the numbers
// of the values, that is copied when it changes.
type env []binding

type binding struct {
	v  ssa.Value
	id int // of v, in its function
	a  Abs
}

func (e env) get(v ssa.Value) (Abs, bool) {
	for _, b := range e {
		if b.v == v {
			return b.a, true
		}
	}
	return Unknown, false
}

// set returns e with what is known of v, a value of the function fn.
func (e env) set(fn *terrain, v ssa.Value, a Abs) env {
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
	id := fn.id(v)
	at := len(e)
	for at > 0 && e[at-1].id > id {
		at--
	}
	next := make(env, len(e)+1)
	copy(next, e[:at])
	next[at] = binding{v, id, a}
	copy(next[at+1:], e[at:])
	return next
}

// live returns what of e can still matter from block b on. Without this, each
// branch in a row would double the number of states.
func (e env) live(fn *terrain, b *ssa.BasicBlock) env {
	for i := range e {
		if fn.used(&e[i], b) {
			continue
		}
		kept := append(make(env, 0, len(e)-1), e[:i]...)
		for j := range e[i+1:] {
			if x := &e[i+1+j]; fn.used(x, b) {
				kept = append(kept, *x)
			}
		}
		return kept
	}
	return e
}

// key appends a key that distinguishes e from other environments in the same function.
func (e env) key(to []byte) []byte {
	for _, b := range e {
		to = binary.AppendUvarint(to, uint64(b.id)<<4|uint64(b.a))
	}
	return to
}
