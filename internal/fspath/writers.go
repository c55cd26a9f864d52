package fspath

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// writers determines which fields and package-level variables a function of the
// package can change, directly or through its callees.
type writers struct {
	direct   map[*ssa.Function]map[string]bool
	calls    map[*ssa.Function][]*ssa.Function
	all      map[*ssa.Function]map[string]bool
	byMethod map[string]map[string]bool // by a method's name, for calls through an interface
	literals map[string]bool            // by any function literal, for calls of function values
	names    typeNames
}

func newWriters(functions []*ssa.Function, names typeNames) *writers {
	w := &writers{
		names:    names,
		direct:   make(map[*ssa.Function]map[string]bool),
		calls:    make(map[*ssa.Function][]*ssa.Function),
		all:      make(map[*ssa.Function]map[string]bool),
		byMethod: make(map[string]map[string]bool),
		literals: make(map[string]bool),
	}
	for _, fn := range functions {
		w.scan(fn)
	}
	w.closeOver(functions)
	for _, fn := range functions {
		keys := w.of(fn)
		if fn.Signature.Recv() != nil {
			if w.byMethod[fn.Name()] == nil {
				w.byMethod[fn.Name()] = make(map[string]bool)
			}
			add(w.byMethod[fn.Name()], keys)
		}
		if fn.Parent() != nil {
			add(w.literals, keys)
		}
	}
	return w
}

// scan collects what fn changes itself. Other code has no reference to an
// object that fn just created, so a constructor changes nothing.
func (w *writers) scan(fn *ssa.Function) {
	keys := make(map[string]bool)
	w.direct[fn] = keys
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				w.note(keys, instr.Addr)
			case *ssa.MakeClosure:
				w.calls[fn] = append(w.calls[fn], body(instr.Fn.(*ssa.Function)))
			case ssa.CallInstruction:
				c := instr.Common()
				if callee := body(c.StaticCallee()); callee != nil {
					w.calls[fn] = append(w.calls[fn], callee)
				}
				for _, a := range c.Args {
					if mk, ok := a.(*ssa.MakeInterface); ok {
						a = mk.X
					}
					w.note(keys, a)
				}
			}
		}
	}
}

// body returns the function that a call of fn runs in the end: the method, for
// a method value.
func body(fn *ssa.Function) *ssa.Function {
	if fn == nil || fn.Synthetic == "" {
		return fn
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		if method := fn.Prog.FuncValue(obj); method != nil {
			return method
		}
	}
	return fn
}

// note records the field or variable that addr is the address of.
func (w *writers) note(keys map[string]bool, addr ssa.Value) {
	switch a := addr.(type) {
	case *ssa.Global:
		keys[globalName(a)] = true
	case *ssa.FieldAddr:
		if _, made := a.X.(*ssa.Alloc); made {
			return
		}
		name := fieldName(a.X.Type(), a.Field)
		if _, isStruct := a.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); isStruct {
			// The address of a struct within: a method on it is scanned by itself.
			return
		}
		keys[w.names.owner(a.X.Type())+"."+name] = true
	}
}

// closeOver finds out what each function can change, callees first, so that a
// caller can build on that.
func (w *writers) closeOver(functions []*ssa.Function) {
	seen := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		for _, callee := range w.calls[fn] {
			visit(callee)
		}
		w.of(fn)
	}
	for _, fn := range functions {
		visit(fn)
	}
}

// by returns the keys of what a call can change through functions of this
// package.
func (w *writers) by(c *ssa.CallCommon) map[string]bool {
	switch callee := body(c.StaticCallee()); {
	case callee != nil && len(callee.Blocks) > 0:
		return w.of(callee)
	case c.IsInvoke():
		return w.byMethod[c.Method.Name()]
	case callee == nil:
		if _, builtin := c.Value.(*ssa.Builtin); !builtin {
			return w.literals
		}
	}
	return nil
}

// elsewhere reports whether a call is of a function of another package.
func elsewhere(c *ssa.CallCommon) bool {
	callee := body(c.StaticCallee())
	return callee != nil && len(callee.Blocks) == 0
}

// of returns the keys of what fn can change.
func (w *writers) of(fn *ssa.Function) map[string]bool {
	if keys, ok := w.all[fn]; ok {
		return keys
	}
	keys := make(map[string]bool)
	seen := map[*ssa.Function]bool{fn: true}
	for work := []*ssa.Function{fn}; len(work) > 0; {
		f := work[len(work)-1]
		work = work[:len(work)-1]
		if known, ok := w.all[f]; ok {
			add(keys, known)
			continue
		}
		add(keys, w.direct[f])
		for _, callee := range w.calls[f] {
			if !seen[callee] {
				seen[callee] = true
				work = append(work, callee)
			}
		}
	}
	w.all[fn] = keys
	return keys
}

func add(to, from map[string]bool) {
	for k := range from {
		to[k] = true
	}
}
