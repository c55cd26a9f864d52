package race

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// emptyWhen tells which value of a comparison of a length with a constant says that
// there is nothing.
//
//	len(entries) == 0 // true
//	len(entries) > 0  // false
func emptyWhen(instr ssa.Instruction) (value, known bool) {
	cmp, ok := instr.(*ssa.BinOp)
	if !ok {
		return false, false
	}
	count, ok := cmp.X.(*ssa.Call)
	c, also := cmp.Y.(*ssa.Const)
	if !ok || !also || !isLen(count) || c.Value == nil {
		return false, false
	}
	switch limit := c.Int64(); {
	case cmp.Op == token.EQL && limit == 0, cmp.Op == token.LSS && limit == 1, cmp.Op == token.LEQ && limit == 0:
		return true, true
	case cmp.Op == token.NEQ && limit == 0, cmp.Op == token.GTR && limit == 0, cmp.Op == token.GEQ && limit == 1:
		return false, true
	}
	return false, false
}

// emptyAnswer tells which answer of a function that lists a directory says that there
// is nothing in it.
//
//	return len(entries) == 0, nil // true
//
//	found := false
//	filepath.WalkDir(dir, func(...) error { found = true; ... })
//	return !found // true
func emptyAnswer(fn *ssa.Function) (value, known bool) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		if _, constant := ret.Results[0].(*ssa.Const); constant {
			continue // it could not be listed
		}
		says, sure := emptyValue(ret.Results[0])
		if !sure || known && says != value {
			return false, false
		}
		value, known = says, true
	}
	return value, known
}

// emptyValue tells which value of v says that there is nothing.
func emptyValue(v ssa.Value) (value, known bool) {
	switch v := v.(type) {
	case *ssa.BinOp:
		return emptyWhen(v)
	case *ssa.UnOp:
		switch v.Op {
		case token.NOT:
			value, known = emptyValue(v.X)
			return !value, known
		case token.MUL:
			return unsetValue(v.X)
		}
	}
	return false, false
}

// unsetValue tells which value a variable keeps if no function literal that is called
// for an entry sets it: all of them set it to the other one.
func unsetValue(addr ssa.Value) (value, known bool) {
	variable, ok := addr.(*ssa.Alloc)
	if !ok {
		return false, false
	}
	for _, ref := range *variable.Referrers() {
		mk, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		lit := mk.Fn.(*ssa.Function)
		for i, b := range mk.Bindings {
			if b != ssa.Value(variable) {
				continue
			}
			for _, use := range *lit.FreeVars[i].Referrers() {
				store, ok := use.(*ssa.Store)
				if !ok {
					continue
				}
				c, ok := store.Val.(*ssa.Const)
				if !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
					return false, false
				}
				set := constant.BoolVal(c.Value)
				if known && value == set {
					return false, false
				}
				value, known = !set, true
			}
		}
	}
	return value, known
}
