package race

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
)

// conditions lists the branches that lead to a block, the nearest first.
func conditions(b *ssa.BasicBlock) []fate.Condition { return slices.Collect(fate.Conditions(b)) }

// exclusive reports whether a branch on one condition keeps two instructions from
// both running.
//
//	if asFile {
//		f = os.NewFile(uintptr(n), name)
//	}
//	if !asFile {
//		unix.Close(n)
//	}
func exclusive(a, b ssa.Instruction) bool {
	of := conditions(a.Block())
	for _, c := range conditions(b.Block()) {
		for _, d := range of {
			if same, opposite := related(c.Cond, d.Cond); same && (c.Value != d.Value) != opposite {
				return true
			}
		}
	}
	return false
}

// related reports whether two conditions are about one value, and whether one is
// the negation of the other.
//
//	if x > 0 { … } else { … }  // x > 0 and !(x > 0): opposite
//	x == nil, x != nil          // opposite
//	x == 1, x == 2              // not related: both may be false
func related(a, b ssa.Value) (same, opposite bool) {
	a, na := positive(a)
	b, nb := positive(b)
	if a == b {
		return true, na != nb
	}
	x, ok := a.(*ssa.BinOp)
	y, also := b.(*ssa.BinOp)
	if !ok || !also || x.X != y.X || !sameConst(x.Y, y.Y) {
		return false, false
	}
	if x.Op == y.Op {
		return true, na != nb
	}
	eq := func(op token.Token) bool { return op == token.EQL || op == token.NEQ }
	return eq(x.Op) && eq(y.Op), na == nb
}

func positive(v ssa.Value) (ssa.Value, bool) {
	negated := false
	for {
		not, ok := v.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			return v, negated
		}
		v, negated = not.X, !negated
	}
}

func sameConst(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	c, ok := a.(*ssa.Const)
	d, also := b.(*ssa.Const)
	if !ok || !also {
		return false
	}
	if c.Value == nil || d.Value == nil {
		return c.Value == d.Value
	}
	return c.Value.ExactString() == d.Value.ExactString()
}

// nilCompared returns the value that a condition has found to be nil.
//
//	if err == nil { … } // err, where the condition is true
//	if err != nil { … } // err, where it is false
func nilCompared(c fate.Condition) (ssa.Value, bool) {
	cmp, ok := c.Cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || (cmp.Op == token.EQL) != c.Value {
		return nil, false
	}
	for _, pair := range [][2]ssa.Value{{cmp.X, cmp.Y}, {cmp.Y, cmp.X}} {
		if zero, ok := pair[1].(*ssa.Const); ok && zero.IsNil() {
			return pair[0], true
		}
	}
	return nil, false
}
