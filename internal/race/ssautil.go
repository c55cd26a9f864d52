package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// leadsTo reports whether a call can be reached from a block without passing
// through another.
func leadsTo(start *ssa.BasicBlock, call ssa.CallInstruction, without *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{without: true}
	for work := []*ssa.BasicBlock{start}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		if b == call.Block() {
			return true
		}
		work = append(work, b.Succs...)
	}
	return false
}

// leadsBack reports whether a block can be reached from another.
func leadsBack(start, to *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	for work := []*ssa.BasicBlock{start}; len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// leads reports whether to is reached from a place after from, without passing one
// of the instructions in stop.
func leads(from, to ssa.Instruction, stop map[ssa.Instruction]bool) bool {
	return findAfter(from, func(instr ssa.Instruction) (found, stopped bool) {
		return instr == to, stop[instr]
	})
}

// findAfter reports whether an instruction that is looked for is reached from a place
// after from, on a way that passes none at which the search stops.
func findAfter(from ssa.Instruction, look func(ssa.Instruction) (found, stopped bool)) bool {
	scan := func(instrs []ssa.Instruction) (found, stopped bool) {
		for _, instr := range instrs {
			if found, stopped := look(instr); found || stopped {
				return found, true
			}
		}
		return false, false
	}
	b := from.Block()
	found, stopped := scan(b.Instrs[slices.Index(b.Instrs, from)+1:])
	if stopped {
		return found
	}
	seen := make(map[*ssa.BasicBlock]bool)
	for work := slices.Clone(b.Succs); len(work) > 0; {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		found, stopped := scan(b.Instrs)
		if found {
			return true
		}
		if !stopped {
			work = append(work, b.Succs...)
		}
	}
	return false
}

// precedes reports whether a comes before b in their block.
func precedes(a, b ssa.Instruction) bool {
	for _, instr := range a.Block().Instrs {
		switch instr {
		case b:
			return false
		case a:
			return true
		}
	}
	return false
}

// comesAfter reports whether a call runs only after another one has.
func comesAfter(call, first ssa.CallInstruction) bool {
	if call.Block() == first.Block() {
		return precedes(first, call)
	}
	return first.Block().Dominates(call.Block())
}

func phiOf(v *fspath.Value) *ssa.Phi {
	phi, _ := v.Src.(*ssa.Phi)
	if v.Kind != fspath.Unique {
		return nil
	}
	return phi
}

// firstResult returns the first result of a call, or nil if it is not used.
func firstResult(call *ssa.Call) ssa.Value {
	if call.Call.Signature().Results().Len() < 2 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
			return x
		}
	}
	return nil
}

// callBehind returns the call that a value is a result of.
func callBehind(v ssa.Value) (*ssa.Call, bool) {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	return call, ok
}

// resultsOf returns the results of a call, by index; nil for what is not used.
func resultsOf(call *ssa.Call) []ssa.Value {
	n := call.Call.Signature().Results().Len()
	results := make([]ssa.Value, n)
	if n == 1 {
		results[0] = call
		return results
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			results[x.Index] = x
		}
	}
	return results
}

// maxFollowed bounds the values that are followed from one check.
const maxFollowed = 60

// calls reports whether fn is among the arguments of a call, or in a field of a
// struct that is made for one: godirwalk's options.
func calls(c *ssa.CallCommon, fn *ssa.Function) bool {
	for _, a := range c.Args {
		if isFunction(a, fn) {
			return true
		}
		options, ok := a.(*ssa.Alloc)
		if !ok {
			continue
		}
		for _, ref := range *options.Referrers() {
			field, ok := ref.(*ssa.FieldAddr)
			if !ok {
				continue
			}
			for _, use := range *field.Referrers() {
				if store, ok := use.(*ssa.Store); ok && store.Addr == ssa.Value(field) && isFunction(store.Val, fn) {
					return true
				}
			}
		}
	}
	return false
}

// isFunction reports whether a function value is fn, or its method value.
func isFunction(v ssa.Value, fn *ssa.Function) bool {
	function, ok := functionOf(v)
	return ok && (function == fn || bound(function) == fn)
}

// functionOf returns the function that a function value is.
func functionOf(v ssa.Value) (*ssa.Function, bool) {
	switch v := v.(type) {
	case *ssa.Function:
		return v, true
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function), true
	case *ssa.ChangeType:
		return functionOf(v.X)
	}
	return nil, false
}

// bound returns the method that a method value calls, or nil.
func bound(fn *ssa.Function) *ssa.Function {
	if fn.Synthetic == "" || fn.Object() == nil {
		return nil
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				return call.Common().StaticCallee()
			}
		}
	}
	return nil
}

// isLen reports whether a call is of the built-in len.
func isLen(call *ssa.Call) bool {
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// anyCall makes an operation of any call, so that a message can name it.
func anyCall(call ssa.CallInstruction) *pathops.Op {
	name := "call"
	if fn := fspath.Callee(call.Common()); fn != nil {
		name = fn.FullName()
	}
	return &pathops.Op{Row: &fsapi.Func{Name: name}, Call: call, At: call.Pos(), Deep: call.Pos(), Perm: -1}
}

// sameNumber returns a number and its conversions.
func sameNumber(v ssa.Value) map[ssa.Value]bool {
	all := map[ssa.Value]bool{v: true}
	if v.Referrers() == nil {
		return nil
	}
	for _, ref := range *v.Referrers() {
		if c, ok := ref.(*ssa.Convert); ok {
			all[c] = true
		}
	}
	return all
}

// bare strips conversions from a number.
func bare(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}
