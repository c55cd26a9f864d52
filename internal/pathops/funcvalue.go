package pathops

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/settings"
)

// bindFunctions makes the calls of function values static, where it is known which
// function the value is. From here on such a call is one of the function itself.
//
//	var osStat = os.Stat // assigned once; a test may replace it
//	fi, err := osStat(path)
//
//	type system struct{ write func(string, []byte, os.FileMode) error }
//	s := system{write: os.WriteFile} // the only value that the field gets
//	s.write(path, data, 0o600)
//
// A variable that is assigned a second time outside of tests, or whose address
// is taken, keeps its dynamic calls:
//
//	var open = os.Open
//	func init() { if inMemory { open = memory.Open } }
func (p *packageOps) bindFunctions() {
	held := p.heldFunctions()
	if len(held) == 0 {
		return
	}
	for _, fn := range p.functions {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok || call.Common().IsInvoke() {
					continue
				}
				common := call.Common()
				if target := held[holderOf(common.Value)]; target != nil {
					common.Value = target
				}
			}
		}
	}
}

// A holder is a package-level variable, a field of a struct type of the package,
// or a parameter of a function that the package alone can call.
type holder struct {
	global *ssa.Global
	field  *types.Var
	param  *ssa.Parameter
}

// heldFunctions returns the holders to which one function is assigned, and nothing
// else.
func (p *packageOps) heldFunctions() map[holder]*ssa.Function {
	held := make(map[holder]*ssa.Function)
	several := make(map[holder]bool)
	var operands []*ssa.Value // reused
	note := func(h holder, fn *ssa.Function) {
		if have, ok := held[h]; fn == nil || ok && have != fn {
			several[h] = true
		}
		held[h] = fn
	}
	for _, fn := range p.functions {
		if fn.Pos().IsValid() && settings.InTest(p.pass.Fset, fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				operands = instr.Operands(operands[:0])
				noteFunctions(instr, operands, note)
				noteArguments(instr, operands, note)
			}
		}
	}
	for h := range several {
		delete(held, h)
	}
	return held
}

// noteFunctions calls note for the holders that an instruction assigns to: with
// the function, or with nil if it is not known, or if the address of the holder
// escapes.
func noteFunctions(instr ssa.Instruction, operands []*ssa.Value, note func(holder, *ssa.Function)) {
	if store, ok := instr.(*ssa.Store); ok {
		if h := holderAt(store.Addr); h != (holder{}) && isFunc(store.Val.Type()) {
			if c, ok := store.Val.(*ssa.Const); !ok || !c.IsNil() {
				note(h, declared(store.Val))
			}
			return
		}
	}
	for _, v := range operands {
		h := holderAt(*v)
		if h == (holder{}) || !isFunc((*v).Type().Underlying().(*types.Pointer).Elem()) {
			continue
		}
		if load, ok := instr.(*ssa.UnOp); ok && load.Op == token.MUL {
			continue
		}
		note(h, nil)
	}
}

// noteArguments calls note for the parameters of functions that an instruction
// passes arguments for: with the function, or with nil if it is not known, or if
// the callee is used as a value, so that its callers are not known.
//
//	func retry(do func(string) error, path string) error { return do(path) }
//	retry(os.Remove, path) // the only call of retry
func noteArguments(instr ssa.Instruction, operands []*ssa.Value, note func(holder, *ssa.Function)) {
	var called *ssa.Value
	if call, ok := instr.(ssa.CallInstruction); ok && !call.Common().IsInvoke() {
		common := call.Common()
		called = &common.Value
		if callee, ok := common.Value.(*ssa.Function); ok {
			for i, p := range callee.Params {
				if isFunc(p.Type()) {
					note(holder{param: p}, declared(common.Args[i]))
				}
			}
		}
	}
	for _, v := range operands {
		if fn, ok := (*v).(*ssa.Function); ok && v != called {
			for _, p := range fn.Params {
				if isFunc(p.Type()) {
					note(holder{param: p}, nil)
				}
			}
		}
	}
}

// callableOutside reports whether a parameter is of a function that something
// other than a static call in the package can call.
//
//	func Each(do func(string) error)           // exported: another package
//	func (q *queue) each(do func(string) error) // through an interface
//	func each[T any](do func(T) error)          // through an instance
//	func(do func(string) error) { ... }         // through a variable
//
// It cannot be called otherwise:
//
//	func each(do func(string) error)
func callableOutside(p *ssa.Parameter) bool {
	fn := p.Parent()
	obj, ok := fn.Object().(*types.Func)
	return !ok || obj.Exported() || obj.Signature().Recv() != nil || fn.Signature.TypeParams().Len() > 0
}

// holderAt returns the holder that addr is the address of. An exported field has
// none: other packages may assign to it.
func holderAt(addr ssa.Value) holder {
	switch a := addr.(type) {
	case *ssa.Global:
		return holder{global: a}
	case *ssa.FieldAddr:
		return fieldHolder(a.X.Type().Underlying().(*types.Pointer).Elem(), a.Field)
	}
	return holder{}
}

// holderOf returns the holder that a value was read from.
func holderOf(v ssa.Value) holder {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return holderAt(v.X)
		}
	case *ssa.Field:
		return fieldHolder(v.X.Type(), v.Field)
	case *ssa.Parameter:
		if !callableOutside(v) {
			return holder{param: v}
		}
	case *ssa.ChangeType:
		return holderOf(v.X)
	}
	return holder{}
}

func fieldHolder(t types.Type, i int) holder {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.Field(i).Exported() {
		return holder{}
	}
	return holder{field: s.Field(i).Origin()}
}

// declared returns the function that a value is, if that is a declared one that is
// no method, or a literal that captures nothing.
//
//	var remove = os.Remove
//	var remove = func(path string) error { return os.Remove(path) }
//
// A method is bound to a value, and a literal that captures a variable is another
// function each time:
//
//	remove := root.Remove
//	remove := func(name string) error { return os.Remove(dir + name) }
func declared(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.Function:
		if obj, ok := v.Object().(*types.Func); ok && obj.Signature().Recv() == nil || !ok && v.Parent() != nil {
			return v
		}
	case *ssa.ChangeType:
		return declared(v.X)
	}
	return nil
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
