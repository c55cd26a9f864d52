package fate

import (
	"go/constant"
	"go/token"
	"go/types"
	"io/fs"

	"golang.org/x/tools/go/ssa"
)

// learn records what follows from a condition that holds, or does not.
func (w *Walk) learn(e env, cond ssa.Value, holds bool) env {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return w.learn(e, c.X, !holds)
		}
	case *ssa.BinOp:
		if c.Op != token.EQL && c.Op != token.NEQ {
			return e
		}
		x := c.X
		if isNilConst(x) {
			x = c.Y
		} else if !isNilConst(c.Y) {
			return e
		}
		a := NonNil
		if holds == (c.Op == token.EQL) {
			a = Nil
		}
		if load, ok := x.(*ssa.UnOp); ok && load.Op == token.MUL && w.fn.trackable(load.X) {
			e = e.set(w.fn, load.X, a)
		}
		return e.set(w.fn, x, a)
	case *ssa.Call, *ssa.Phi, *ssa.Extract, *ssa.Parameter:
		return e.set(w.fn, cond, Bool(holds))
	}
	return e
}

// eval returns what is known of v.
func (w *Walk) eval(e env, v ssa.Value) Abs {
	if a, ok := e.get(v); ok {
		return a
	}
	switch v := v.(type) {
	case *ssa.Const:
		switch {
		case v.IsNil():
			return Nil
		case v.Value != nil && v.Value.Kind() == constant.Bool:
			return Bool(constant.BoolVal(v.Value))
		}
	case *ssa.Alloc, *ssa.MakeClosure, *ssa.Function, *ssa.MakeMap, *ssa.MakeChan:
		return NonNil
	}
	return Unknown
}

// compute returns what is known of the result of an instruction.
func (w *Walk) compute(e env, instr ssa.Value) Abs {
	switch v := instr.(type) {
	case *ssa.ChangeInterface:
		return w.eval(e, v.X)
	case *ssa.ChangeType:
		return w.eval(e, v.X)
	case *ssa.Convert:
		return w.eval(e, v.X)
	case *ssa.MakeInterface:
		if a := w.eval(e, v.X); a != Unknown && a != Nil {
			return a
		}
		return NonNil
	case *ssa.TypeAssert:
		if !v.CommaOk {
			return w.eval(e, v.X)
		}
	case *ssa.UnOp:
		switch v.Op {
		case token.NOT:
			switch w.eval(e, v.X) {
			case True:
				return False
			case False:
				return True
			}
		case token.MUL:
			if w.fn.trackable(v.X) {
				if a, ok := e.get(v.X); ok {
					return a
				}
			}
			if class := w.Know.Sentinel(v); class != Unknown {
				return class
			}
			if _, global := v.X.(*ssa.Global); global && IsError(v.Type()) {
				return NonNil // an error that a package declares is made to be returned
			}
		}
	case *ssa.BinOp:
		return w.compare(e, v)
	}
	return Unknown
}

// compare decides == and != on nil, bools and sentinel errors, and what a program
// asks of contents to see whether there are any.
func (w *Walk) compare(e env, v *ssa.BinOp) Abs {
	if holds, known := w.emptiness(e, v); known {
		return Bool(holds)
	}
	if v.Op != token.EQL && v.Op != token.NEQ {
		return Unknown
	}
	if set, known := w.typeBits(e, v.X, v.Y); known {
		return Bool(set == (v.Op == token.NEQ))
	}
	x, y := w.eval(e, v.X), w.eval(e, v.Y)
	if isNilConst(v.X) {
		x, y = y, x
	}
	equal, known := false, false
	switch {
	case isNilConst(v.X) || isNilConst(v.Y):
		equal, known = x.IsNil()
	case x.isBool() && y.isBool():
		equal, known = x == y, true
	case differInNil(x, y):
		known = true // err == ErrGone, where there is no error
	case IsError(v.X.Type()) || IsError(v.Y.Type()):
		class, err := w.Know.Sentinel(v.Y), x
		if class == Unknown {
			class, err = w.Know.Sentinel(v.X), y
		}
		equal, known = Is(err, class)
		known = known && !equal // a wrapped error is not the sentinel itself
	}
	if !known {
		return Unknown
	}
	return Bool(equal == (v.Op == token.EQL))
}

// differInNil reports whether one value is nil and the other is not.
func differInNil(x, y Abs) bool {
	xNil, xKnown := x.IsNil()
	yNil, yKnown := y.IsNil()
	return xKnown && yKnown && xNil != yNil
}

// emptiness decides a comparison of the length of contents with 0, or of their text
// with "". Contents that could not be read are nil, and of those that were read it is
// taken that they are not empty.
//
//	data, _ := os.ReadFile(path)
//	if len(data) == 0 { // nothing is there
func (w *Walk) emptiness(e env, v *ssa.BinOp) (holds, known bool) {
	data, empty := lengthOf(v.X), isInt(v.Y, func(i int64) bool { return i == 0 })
	if data == nil {
		data, empty = v.X, isEmptyText(v.Y)
	}
	if !empty {
		return false, false
	}
	switch a := w.eval(e, data); {
	case a != Nil && a != Filled:
		return false, false
	case v.Op == token.EQL, v.Op == token.LEQ:
		return a == Nil, true
	case v.Op == token.NEQ, v.Op == token.GTR:
		return a == Filled, true
	}
	return false, false
}

// lengthOf returns what v is the length of, or nil.
func lengthOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return call.Call.Args[0]
	}
	return nil
}

func isEmptyText(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil {
		return false
	}
	return c.Value.Kind() == constant.String && constant.StringVal(c.Value) == ""
}

// typeBits decides mode&mask against zero, where the mode is that of a regular
// file, a directory or a special file, and mask holds bits of the file's type alone.
//
//	fi.Mode()&fs.ModeDir != 0    // true of a directory, false of all others
//	fi.Mode()&fs.ModeType == 0   // true of a regular file alone
//	fi.Mode()&fs.ModeSocket != 0 // may be either of a special file, false of all others
//	fi.Mode()&0o077 != 0         // may be either, of any file
func (w *Walk) typeBits(e env, x, zero ssa.Value) (set, known bool) {
	masked, ok := x.(*ssa.BinOp)
	if !ok || masked.Op != token.AND || !isInt(zero, func(i int64) bool { return i == 0 }) {
		return false, false
	}
	mode, mask := w.eval(e, masked.X), masked.Y
	if _, isConst := mask.(*ssa.Const); !isConst {
		mode, mask = w.eval(e, masked.Y), masked.X
	}
	if !isInt(mask, func(i int64) bool { return i&^int64(fs.ModeType) == 0 }) {
		return false, false
	}
	has := func(bits fs.FileMode) bool {
		return isInt(mask, func(i int64) bool { return i&int64(bits) == int64(bits) })
	}
	switch mode {
	case InfoFile:
		return false, true
	case InfoDir:
		return has(fs.ModeDir), true
	case InfoOdd:
		all := has(fs.ModeType)
		return all, all || isInt(mask, func(i int64) bool { return i == int64(fs.ModeDir) })
	}
	return false, false
}

func isInt(v ssa.Value, holds func(int64) bool) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	i, exact := constant.Int64Val(c.Value)
	return exact && holds(i)
}

// Is tells whether an error is of a class, ErrNotExist or ErrExist.
func Is(err, class Abs) (is, known bool) {
	if class != ErrNotExist && class != ErrExist {
		return false, err == Nil
	}
	switch err {
	case ErrNotExist, ErrExist, ErrOther:
		return err == class, true
	case Nil:
		return false, true
	}
	return false, false
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// trackable reports whether the walk sees every store to the variable at addr:
// it is a local one that no function literal stores to before the end.
func trackable(addr ssa.Value) bool {
	alloc, ok := addr.(*ssa.Alloc)
	if !ok {
		return false
	}
	for _, ref := range *alloc.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Val == addr {
				return false
			}
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			for i, b := range ref.Bindings {
				if b == addr && storesTo(fn.FreeVars[i]) && !onlyDeferred(ref) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// raises reports whether addr is where the body of a range over a function
// leaves an error for the function around it.
func raises(addr ssa.Value) bool {
	v, ok := addr.(*ssa.FreeVar)
	if !ok || !rangesOverFunc(v.Parent()) {
		return false
	}
	ptr, ok := v.Type().Underlying().(*types.Pointer)
	return ok && IsError(ptr.Elem())
}

// raised returns the error that has been left so.
func raised(e env) Abs {
	for _, b := range e {
		if raises(b.v) {
			return b.a
		}
	}
	return Unknown
}

// onlyDeferred reports whether a function literal runs when the function ends,
// and only then. Such a literal wraps an error, or adds one of Close: it does
// not make a failure a success.
func onlyDeferred(mk *ssa.MakeClosure) bool {
	for _, ref := range *mk.Referrers() {
		if _, ok := ref.(*ssa.Defer); !ok {
			return false
		}
	}
	return true
}

// storesTo reports whether a literal may store to a captured variable.
func storesTo(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}
