package fspath

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// runsLiteral reports whether a call can run a function literal.
func runsLiteral(c *ssa.CallCommon) bool {
	if callee := c.StaticCallee(); callee != nil && callee.Parent() != nil {
		return true
	}
	if !c.IsInvoke() && c.StaticCallee() == nil {
		_, builtin := c.Value.(*ssa.Builtin)
		return !builtin
	}
	for _, a := range c.Args {
		if _, ok := a.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// escape describes which other code can write to a local variable.
type escape struct {
	stores   []*ssa.Store          // to the variable, in its function and its literals
	calls    []ssa.CallInstruction // that receive its address
	literals bool                  // whether a function literal stores to it
	unknown  bool                  // whether its address is kept somewhere
}

func (m *memory) escape(alloc *ssa.Alloc) *escape {
	if e, ok := m.escapes[alloc]; ok {
		return e
	}
	e := &escape{}
	m.escapes[alloc] = e
	e.follow(alloc, alloc.Parent())
	return e
}

func (e *escape) follow(addr ssa.Value, home *ssa.Function) {
	refs := addr.Referrers()
	if refs == nil {
		e.unknown = true
		return
	}
	for _, ref := range *refs {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val == addr {
				e.unknown = true
				continue
			}
			e.stores = append(e.stores, ref)
			if ref.Parent() != home {
				e.literals = true
			}
		case *ssa.FieldAddr, *ssa.IndexAddr:
			// A store to a part is a place of its own.
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == addr && i < len(fn.FreeVars) {
					e.follow(fn.FreeVars[i], home)
				}
			}
		case *ssa.MakeInterface:
			e.follow(ref, home)
		case *ssa.Slice:
			e.follow(ref, home)
		case ssa.CallInstruction:
			e.calls = append(e.calls, ref)
		default:
			e.unknown = true
		}
	}
}
