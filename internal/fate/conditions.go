package fate

import (
	"iter"

	"golang.org/x/tools/go/ssa"
)

// Condition is a branch that a block depends on: it is entered only if Cond is Value.
type Condition struct {
	Cond  ssa.Value
	Value bool
}

// Conditions are the branches that dominate a block, the nearest first.
//
//	if err != nil { // false
//		return err
//	}
//	if verbose { // none: both ways lead on
//		log.Print(path)
//	}
//	load(path) // the block
func Conditions(b *ssa.BasicBlock) iter.Seq[Condition] {
	return func(yield func(Condition) bool) {
		for d := b.Idom(); d != nil; d = d.Idom() {
			branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			for i, s := range d.Succs {
				if len(s.Preds) == 1 && s.Dominates(b) && !yield(Condition{branch.Cond, i == 0}) {
					return
				}
			}
		}
	}
}
