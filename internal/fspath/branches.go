package fspath

import (
	"go/constant"

	"golang.org/x/tools/go/ssa"
)

// inputs returns the inputs of a phi on the ways that this build can take. A
// constant decides the others, such as runtime.GOOS == "windows": they are as
// good as in a file for another system.
func (n *Numbering) inputs(phi *ssa.Phi) []ssa.Value {
	taken := n.taken(phi.Parent())
	var list []ssa.Value
	for i, from := range phi.Block().Preds {
		if taken[from] && (decided(from) == nil || decided(from) == phi.Block()) {
			list = append(list, phi.Edges[i])
		}
	}
	return list
}

// taken returns the blocks of a function that this build can reach.
func (n *Numbering) taken(fn *ssa.Function) map[*ssa.BasicBlock]bool {
	if known, ok := n.reached[fn]; ok {
		return known
	}
	reached := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	if fn.Recover != nil {
		work = append(work, fn.Recover)
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if reached[b] {
			continue
		}
		reached[b] = true
		if only := decided(b); only != nil {
			work = append(work, only)
		} else {
			work = append(work, b.Succs...)
		}
	}
	n.reached[fn] = reached
	return reached
}

// decided returns the block that always follows b, since its condition is a
// constant, or nil.
func decided(b *ssa.BasicBlock) *ssa.BasicBlock {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil
	}
	c, ok := branch.Cond.(*ssa.Const)
	if !ok || c.Value == nil {
		return nil
	}
	if constant.BoolVal(c.Value) {
		return b.Succs[0]
	}
	return b.Succs[1]
}
