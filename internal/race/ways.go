package race

import (
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// way is the view on the ways to a use on which its path, which is one or another, is the
// path of the window.
//
//	name := base
//	for n := 1; exists(filepath.Join(dir, name)); n++ {
//		name = fmt.Sprintf("%s-%d", base, n)
//	}
//	os.Create(filepath.Join(dir, name)) // of base if the loop is not entered
type way struct {
	*window
	phi  *ssa.Phi
	same []bool // by edge of phi: whether the path is that of the window
}

// wayTo returns the ways to a use on which its path is that of the window. The path becomes
// another one where another edge leads to the phi. What the phi has copied stays as it is if
// the parts that it was computed from change in the same step, like n above.
func (w *window) wayTo(use *pathops.Op) *way {
	to := &way{window: w}
	numbers := w.ops.Numbers
	phi, is := numbers.Apart(use.Path, w.path)
	if phi == nil {
		return to
	}
	to.phi = phi
	narrow := *w
	narrow.leaves = maps.Clone(w.leaves)
	narrow.reached = make(map[from]map[ssa.CallInstruction]bool)
	to.window = &narrow
	at := phi.Block()
	maps.DeleteFunc(narrow.leaves, func(leaf ssa.Instruction, _ bool) bool {
		_, isPhi := leaf.(*ssa.Phi)
		return leaf.Block() == at && (isPhi || leaf == at.Instrs[0])
	})
	for i, edge := range phi.Edges {
		same := numbers.Of(edge) == is
		to.same = append(to.same, same)
		if pred := at.Preds[i]; !same {
			narrow.leaves[pred.Instrs[len(pred.Instrs)-1]] = true
		}
	}
	return to
}

// settledBefore reports whether the path of use is computed before check runs,
// so that on some ways to the check it is certainly the one that is checked.
func settledBefore(use, check *pathops.Op) bool {
	at := check.Call.Block()
	for _, leaf := range use.Path.Leaves() {
		switch {
		case leaf.Block != at:
			if !leaf.Block.Dominates(at) {
				return false
			}
		case leaf.Instr != nil && slices.Index(at.Instrs, leaf.Instr) > slices.Index(at.Instrs, ssa.Instruction(check.Call)):
			return false
		}
	}
	return true
}

// arrivesAs reports whether the path of use, which is one or another, is the one that is
// checked whenever check has found nothing there.
//
//	fi, err := os.Stat(path) // check
//	if err == nil && !fi.IsDir() {
//		return errExists
//	}
//	if fi != nil { // not where nothing was found
//		path = filepath.Join(path, "default")
//	}
//	os.WriteFile(path, text, 0o644) // use
func (to *way) arrivesAs(check, use *pathops.Op) bool {
	if to.phi == nil {
		return false
	}
	ends := make(map[*ssa.BasicBlock]bool) // the blocks that are walked to their ends
	walk := fate.Walk{Know: to.ops.Knowledge(to.path)}
	walk.Visit = func(instr ssa.Instruction, _ fate.State) bool {
		if b := instr.Block(); instr == b.Instrs[len(b.Instrs)-1] {
			ends[b] = true
		}
		return instr != ssa.Instruction(use.Call)
	}
	if walk.FromCall(check.Call, fate.Absent).Overflow {
		return false
	}
	arrives := false
	for i, from := range to.phi.Block().Preds {
		switch {
		case !ends[from]:
		case !to.same[i]:
			return false
		default:
			arrives = true
		}
	}
	return arrives
}
