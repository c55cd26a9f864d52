package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// maxCallers bounds how many callers one above the other are looked at.
const maxCallers = 3

// noteCalls records which functions fn calls by their names, and which it uses as
// values.
//
//	drop(name)              // a call of drop
//	each(names, drop)       // a value: who calls it, and how, is not known
//	run(s.drop)             // a method value
func (ev *evidence) noteCalls(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, isCall := instr.(ssa.CallInstruction)
			if isCall {
				if callee := call.Common().StaticCallee(); callee != nil && ev.ops.Ours(fspath.Callee(call.Common())) {
					ev.calls[callee] = append(ev.calls[callee], call)
				}
			}
			for _, operand := range instr.Operands(nil) {
				used, ok := (*operand).(*ssa.Function)
				if !ok || isCall && operand == &call.Common().Value {
					continue
				}
				if obj, ok := used.Object().(*types.Func); ok {
					ev.values[obj.Origin()] = true
				}
			}
		}
	}
}

// callsOf returns all calls of a function. It reports false if others may call it: it is
// exported, or is used as a value.
func (ev *evidence) callsOf(fn *ssa.Function) ([]ssa.CallInstruction, bool) {
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Exported() || ev.values[obj.Origin()] {
		return nil, false
	}
	return ev.calls[fn], true
}

// isAlways reports whether something holds for a parameter wherever its function is
// called, if all calls are in the package.
//
//	func set(path, text string) error { … } // path is always below /proc
//	set("/proc/sys/kernel/core_pattern", pattern)
func (ev *evidence) isAlways(param *ssa.Parameter, holds func(*fspath.Value) bool) bool {
	calls, all := ev.callsOf(param.Parent())
	i := parameterIndex(param)
	if !all || i < 0 {
		return false
	}
	for _, call := range calls {
		if args := call.Common().Args; i >= len(args) || !holds(ev.ops.Numbers.Of(args[i])) {
			return false
		}
	}
	return len(calls) > 0
}

func parameterIndex(param *ssa.Parameter) int { return slices.Index(param.Parent().Params, param) }

// everyCall reports whether something holds at each call of a function, or at each call
// of the one that makes the call, and so on upwards.
//
//	func (s *store) Drop() { s.mu.Lock(); defer s.mu.Unlock(); s.drop() }
//	func (s *store) drop() { … } // it holds here that the lock is held
//
// A function literal is called by the function that it is an argument of:
//
//	s.locked(func() error { return os.Remove(path) })
func (ev *evidence) everyCall(fn *ssa.Function, holds func(ssa.CallInstruction) bool) bool {
	return ev.everyCallWithin(fn, holds, maxCallers)
}

func (ev *evidence) everyCallWithin(fn *ssa.Function, holds func(ssa.CallInstruction) bool, depth int) bool {
	if depth == 0 {
		return false
	}
	calls, all := ev.callsOf(fn)
	if fn.Parent() != nil {
		calls, all = ev.callsOfLiteral(fn)
	}
	if !all || len(calls) == 0 {
		return false
	}
	for _, call := range calls {
		if _, now := call.(*ssa.Call); !now || !holds(call) && !ev.everyCallWithin(call.Parent(), holds, depth-1) {
			return false
		}
	}
	return true
}

// callsOfLiteral returns the calls of a function literal: in its place, or in the function
// of the package that it is an argument of. It reports false if there may be others.
func (ev *evidence) callsOfLiteral(lit *ssa.Function) (calls []ssa.CallInstruction, all bool) {
	for _, use := range literalUses(lit) {
		call, ok := use.(*ssa.Call)
		if !ok {
			return nil, false
		}
		if function, ok := functionOf(call.Call.Value); ok && function == lit {
			calls = append(calls, call)
			continue
		}
		callee := call.Common().StaticCallee()
		if callee == nil || len(callee.Blocks) == 0 {
			return nil, false
		}
		for i, arg := range call.Common().Args {
			if !isFunction(arg, lit) {
				continue
			}
			for _, ref := range *callee.Params[i].Referrers() {
				inner, ok := ref.(*ssa.Call)
				if !ok || inner.Call.Value != callee.Params[i] {
					return nil, false
				}
				calls = append(calls, inner)
			}
		}
	}
	return calls, true
}
