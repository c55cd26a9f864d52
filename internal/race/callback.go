package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// argumentOf is a value that a call gives to a function.
type argumentOf struct {
	value ssa.Value
	call  ssa.CallInstruction
}

// given returns what the functions of the package give to a parameter of a function
// literal that is an argument of theirs; nil if the literal has other uses.
//
//	each(names, func(name string) { … })    // func each(names []string, do func(string)) {
//	                                        //	for _, n := range names { do(n) } // name is n
func (ev *evidence) given(param *ssa.Parameter) []argumentOf {
	lit := param.Parent()
	if lit.Parent() == nil {
		return nil
	}
	at := slices.Index(lit.Params, param)
	var list []argumentOf
	for _, use := range literalUses(lit) {
		call, ok := use.(*ssa.Call)
		if !ok {
			return nil
		}
		callee := call.Common().StaticCallee()
		if callee == nil || len(callee.Blocks) == 0 {
			return nil
		}
		for i, arg := range call.Common().Args {
			if isFunction(arg, lit) {
				list = append(list, argumentsTo(callee.Params[i], at)...)
			}
		}
	}
	return list
}

// literalUses lists the instructions that use a function literal.
func literalUses(lit *ssa.Function) (uses []ssa.Instruction) {
	refs := lit.Referrers()
	if refs == nil {
		return nil
	}
	for _, ref := range *refs {
		closure, ok := ref.(*ssa.MakeClosure)
		if !ok {
			uses = append(uses, ref)
			continue
		}
		uses = append(uses, *closure.Referrers()...)
	}
	return uses
}

// argumentsTo lists argument i of the calls of a function value.
func argumentsTo(fn *ssa.Parameter, i int) (list []argumentOf) {
	for _, ref := range *fn.Referrers() {
		if call, ok := ref.(*ssa.Call); ok && call.Call.Value == fn && i < len(call.Call.Args) {
			list = append(list, argumentOf{call.Call.Args[i], call})
		}
	}
	return list
}
