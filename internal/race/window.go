package race

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// window is the view on the operations of one function on one path.
type window struct {
	*scene
	path  *fspath.Value
	group []*pathops.Op
	maybe []*pathops.Op // creations of a path that is this one on one of the ways to them
	found []*Finding    // by the rules of lower precedence

	leaves  map[ssa.Instruction]bool
	reached map[from]map[ssa.CallInstruction]bool
}

// from is where a walk began: after a call, made with the path in a state.
type from struct {
	call    ssa.CallInstruction
	state   fate.State
	success bool // of the call, whatever else it may answer
}

func newWindow(s *scene, group []*pathops.Op) *window {
	w := &window{
		scene:   s,
		path:    group[0].Path,
		group:   group,
		maybe:   s.creationsOf(group[0].Path),
		leaves:  make(map[ssa.Instruction]bool),
		reached: make(map[from]map[ssa.CallInstruction]bool),
	}
	for _, leaf := range w.path.Leaves() {
		if leaf.Instr != nil {
			w.leaves[leaf.Instr] = true
		} else {
			w.leaves[leaf.Block.Instrs[0]] = true
		}
	}
	if relative(w.path) {
		for _, instr := range s.moves {
			w.leaves[instr] = true
		}
	}
	return w
}

// reaches reports whether use is reachable from check, on the same path, if check was
// made with the path in state s and without interference.
func (w *window) reaches(check, use *pathops.Op, s fate.State) bool {
	return w.reachedFrom(check, s, false)[use.Call]
}

// reachesAfterSuccess is reaches for a check that has not answered with an
// error.
func (w *window) reachesAfterSuccess(check, use *pathops.Op, s fate.State) bool {
	return w.reachedFrom(check, s, true)[use.Call]
}

// reachedFrom returns the calls that run after check, on the same path, walking
// there once.
func (w *window) reachedFrom(check *pathops.Op, s fate.State, success bool) map[ssa.CallInstruction]bool {
	key := from{check.Call, s, success}
	reached, ok := w.reached[key]
	if !ok {
		know := w.ops.Knowledge(w.path)
		if success {
			know = &succeeding{know, check.Call}
		}
		reached = w.walkFrom(check, s, know)
		w.reached[key] = reached
	}
	return reached
}

// walkFrom returns the calls that run after check, on the same path.
func (w *window) walkFrom(check *pathops.Op, s fate.State, know fate.Knowledge) map[ssa.CallInstruction]bool {
	reached := make(map[ssa.CallInstruction]bool)
	walk := fate.Walk{Know: know}
	walk.Visit = w.along(check, func(instr ssa.Instruction) bool {
		if call, ok := instr.(ssa.CallInstruction); ok {
			reached[call] = true
		}
		return true
	}, nil)
	if walk.FromCall(check.Call, s).Overflow {
		clear(reached)
	}
	return reached
}

// along makes the Visit of a walk that starts at check, and ends where the path
// becomes another one, or is checked again. visit is called for what comes
// after check, and reports whether to continue; left, if not nil, for the
// instruction that makes the path another.
func (w *window) along(check *pathops.Op, visit func(ssa.Instruction) bool, left func(ssa.Instruction)) func(ssa.Instruction, fate.State) bool {
	started := false
	return func(instr ssa.Instruction, _ fate.State) bool {
		if !started {
			started = true // the check itself
			return true
		}
		if x, ok := instr.(*ssa.Extract); ok && x.Tuple == check.Call.Value() {
			return true // a part of the check: the name of a new file
		}
		if instr == ssa.Instruction(check.Call) || w.leaves[instr] {
			if left != nil {
				left(instr)
			}
			return false
		}
		return visit(instr)
	}
}

// succeeding is knowledge of a run in which one call returns no error.
type succeeding struct {
	fate.Knowledge
	call ssa.CallInstruction
}

func (k *succeeding) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	all, known := k.Knowledge.Outcomes(call, args, s)
	if !known || call != k.call {
		return all, known
	}
	return slices.DeleteFunc(slices.Clone(all), func(o fate.Outcome) bool { return fails(call, o) }), true
}

// failed is knowledge of a run in which one call returns an error, if it can.
type failed struct {
	fate.Knowledge
	call ssa.CallInstruction
}

func (k *failed) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	all, known := k.Knowledge.Outcomes(call, args, s)
	if !known || call != k.call {
		return all, known
	}
	if bad := slices.DeleteFunc(slices.Clone(all), func(o fate.Outcome) bool { return !fails(call, o) }); len(bad) > 0 {
		return bad, true
	}
	return all, true
}

// answering is the call model of a run in which one call returns an error of a class.
// For example, the state of a path does not include that its parent is missing.
type answering struct {
	fate.Knowledge
	call ssa.CallInstruction
	err  fate.Abs
}

func (k *answering) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	if call != k.call {
		return k.Knowledge.Outcomes(call, args, s)
	}
	results := make(fate.Tuple, call.Common().Signature().Results().Len())
	if len(results) == 0 {
		return k.Knowledge.Outcomes(call, args, s)
	}
	results[len(results)-1] = k.err
	return []fate.Outcome{{Results: results, State: s}}, true
}

// fails reports whether an outcome of a call is a failure, for certain: an error, or
// nothing where the function has no error to return.
//
//	func load(path string) ([]byte, error) // the error is not nil
//	func load(path string) (*key, bool)    // the bool is false
//	func load(path string) *key            // nil
func fails(call ssa.CallInstruction, o fate.Outcome) bool {
	n := len(o.Results)
	if n == 0 {
		return false
	}
	results := call.Common().Signature().Results()
	switch last, t := o.Results[n-1], results.At(n-1).Type(); {
	case fate.IsError(t):
		isNil, known := last.IsNil()
		return known && !isNil
	case isBool(t):
		return n > 1 && last == fate.False
	case n == 1 && isPointer(t):
		return last == fate.Nil
	}
	return false
}

// uneventful is knowledge of a run in which nothing fails but for what a check has
// found: a call whose error the program looks at returns none, if it can. What the
// check itself answers, or what makes an error, stays as it is.
//
//	if _, err := os.Stat(path); err == nil {
//		f, err := os.Open(path)
//		if err != nil {
//			return err // not because of the file that was found
//		}
//		f.Close()
//	}
type uneventful struct {
	fate.Knowledge
	check ssa.CallInstruction
}

func (k *uneventful) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	all, known := k.Knowledge.Outcomes(call, args, s)
	results := call.Common().Signature().Results()
	if !fate.ReturnsError(results) {
		return all, known
	}
	n := results.Len()
	if !known {
		if !errorDecides(call) {
			return all, known
		}
		all = []fate.Outcome{{Results: make(fate.Tuple, n), State: s}}
	}
	calm := make([]fate.Outcome, 0, len(all))
	for _, o := range all {
		if len(o.Results) == n && o.Results[n-1] == fate.Unknown && errorDecides(call) {
			o.Results = slices.Clone(o.Results)
			o.Results[n-1] = fate.Nil
		}
		if call == k.check || !fails(call, o) {
			calm = append(calm, o)
		}
	}
	if len(calm) == 0 {
		return all, true // it makes an error
	}
	return calm, true
}

// errorDecides reports whether the program compares the error of a call with nil.
func errorDecides(call ssa.CallInstruction) bool {
	c, ok := call.(*ssa.Call)
	if !ok {
		return false
	}
	results := resultsOf(c)
	if len(results) == 0 || results[len(results)-1] == nil {
		return false
	}
	for _, ref := range *results[len(results)-1].Referrers() {
		if cmp, ok := ref.(*ssa.BinOp); ok && (cmp.Op == token.EQL || cmp.Op == token.NEQ) {
			return true
		}
	}
	return false
}

// branchesTo returns the branches that run between check, made with the path in
// state s, and use, if nothing else fails.
func (w *window) branchesTo(check, use *pathops.Op, s fate.State) map[*ssa.If]bool {
	branches := make(map[*ssa.If]bool)
	w.walkCalmly(check, s, func(instr ssa.Instruction) bool {
		if branch, ok := instr.(*ssa.If); ok {
			branches[branch] = true
		}
		return instr != ssa.Instruction(use.Call)
	}, nil)
	return branches
}

// walkCalmly walks along from check, made with the path in state s, in a run in
// which nothing else fails.
func (w *window) walkCalmly(check *pathops.Op, s fate.State, visit func(ssa.Instruction) bool, left func(ssa.Instruction)) fate.Ends {
	walk := fate.Walk{Know: &uneventful{w.ops.Knowledge(w.path), check.Call}}
	walk.Visit = w.along(check, visit, left)
	return walk.FromCall(check.Call, s)
}

// armLeads reports whether a block leads to use with the same path.
func (w *window) armLeads(arm *ssa.BasicBlock, use *pathops.Op) bool {
	first := arm.Instrs[0]
	switch {
	case first == ssa.Instruction(use.Call):
		return true
	case w.leaves[first]:
		return false
	}
	return leads(first, use.Call, w.leaves)
}

// after is how the function ends if check is made with the path in state s and without
// interference.
func (w *window) after(check *pathops.Op, s fate.State) fate.Ends {
	walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
	return walk.FromCall(check.Call, s)
}

// raced is how the function ends if check is made with the path in state before, and
// another process puts it into state then just before use.
func (w *window) raced(check, use *pathops.Op, before, then fate.State) fate.Ends {
	walk := fate.Walk{Know: w.ops.Knowledge(w.path), Disturb: use.Call, After: then}
	return walk.FromCall(check.Call, before).Disturbed()
}

// failing is how the function ends if check is made with the path in state
// before, and use fails over what has vanished.
func (w *window) failing(check, use *pathops.Op, before fate.State) fate.Ends {
	walk := fate.Walk{Know: &failed{w.ops.Knowledge(w.path), use.Call}, Disturb: use.Call, After: fate.Absent}
	return walk.FromCall(check.Call, before).Disturbed()
}

// pairs calls visit for each check and each use that may come after it, both
// on the path itself and in different calls.
func (w *window) pairs(isCheck, isUse func(*pathops.Op) bool, visit func(check, use *pathops.Op)) {
	w.pairsWith(w.group, isCheck, isUse, visit)
}

// deferredPairs is pairs for uses that run when the function ends, if it has come to
// where they are deferred:
//
//	if _, err := os.Stat(path); err == nil {
//		return nil
//	}
//	defer func() { os.WriteFile(path, data, 0o600) }()
func (w *window) deferredPairs(isCheck, isUse func(*pathops.Op) bool, visit func(check, use *pathops.Op)) {
	var uses []*pathops.Op
	for _, op := range w.group {
		if op.Deferred && !op.Direct() {
			now := *op
			now.Deferred = false
			uses = append(uses, &now)
		}
	}
	w.pairsWith(uses, isCheck, isUse, visit)
}

// pairsWith is pairs with other uses than those on the path itself.
//
//	os.Stat(path)            // a check
//	defer os.Remove(path)    // no use: when it runs is not known
//	f.Chmod(0o600)           // no use: by the handle
//	os.Chmod(path, 0o600)    // a use
func (w *window) pairsWith(uses []*pathops.Op, isCheck, isUse func(*pathops.Op) bool, visit func(check, use *pathops.Op)) {
	var checks []*pathops.Op
	for _, op := range w.group {
		if _, isCall := op.Call.(*ssa.Call); isCall && !op.Deferred && !op.Handle && isCheck(op) {
			checks = append(checks, op)
		}
	}
	if len(checks) == 0 {
		return
	}
	for _, use := range uses {
		if use.Deferred || use.Handle || !isUse(use) {
			continue
		}
		for _, check := range checks {
			if check.Call == use.Call {
				continue
			}
			if !w.mayPair() {
				return
			}
			visit(check, use)
		}
	}
}
