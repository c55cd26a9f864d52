package fate

import (
	"go/constant"
	"go/token"
	"go/types"
	"io/fs"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
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
			if field, ok := v.X.(*ssa.FieldAddr); ok && isMode(field) {
				return w.eval(e, field.X) // of the system's own form of metadata
			}
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

// isMode reports whether an address is that of the mode in the system's own form of
// metadata: stat.Mode of a syscall.Stat_t.
func isMode(field *ssa.FieldAddr) bool {
	ptr, ok := field.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	if !ok || named.Obj().Name() != "Stat_t" {
		return false
	}
	s, ok := named.Underlying().(*types.Struct)
	return ok && s.Field(field.Field).Name() == "Mode"
}

// compare decides == and != on nil, bools and sentinel errors, and comparisons by which a
// program determines whether contents are empty.
func (w *Walk) compare(e env, v *ssa.BinOp) Abs {
	if holds, known := w.emptiness(e, v); known {
		return Bool(holds)
	}
	if v.Op != token.EQL && v.Op != token.NEQ {
		return Unknown
	}
	if equal, known := w.typeBits(e, v.X, v.Y); known {
		return Bool(equal == (v.Op == token.EQL))
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

// typeBits decides whether the type bits of a mode are a constant, where the mode is that
// of a regular file, a directory or a special file.
//
//	fi.Mode()&fs.ModeDir != 0        // true of a directory, false of all others
//	fi.Mode()&fs.ModeType == 0       // true of a regular file alone
//	fi.Mode()&fs.ModeSocket != 0     // may be either of a special file, false of all others
//	fi.Mode().Type() == fs.ModeSocket // the same
//	stat.Mode&syscall.S_IFMT == syscall.S_IFBLK // the same
//	fi.Mode()&0o077 != 0             // may be either, of any file
func (w *Walk) typeBits(e env, x, want ssa.Value) (equal, known bool) {
	mode, mask, raw := w.masked(e, x)
	bits := typesIn(raw)
	if mask == 0 || mask&^bits.all != 0 {
		return false, false
	}
	is := func(value int64) bool { return isInt(want, func(i int64) bool { return i == value&mask }) }
	switch mode {
	case InfoFile:
		return is(bits.file), true
	case InfoDir:
		return is(bits.dir), true
	case InfoOdd:
		if mask == bits.dir && !raw {
			return is(0), true
		}
		return false, mask == bits.all && (is(bits.file) || is(bits.dir))
	}
	return false, false
}

// masked returns what is known of a mode, the bits that are looked at, 0 if it is not of
// type bits alone, and whether the bits are the system's own.
func (w *Walk) masked(e env, x ssa.Value) (mode Abs, mask int64, raw bool) {
	if call, ok := x.(*ssa.Call); ok && fspath.Known(call).Has(fsapi.TypeBits) {
		return w.eval(e, call), int64(fs.ModeType), false
	}
	and, ok := x.(*ssa.BinOp)
	if !ok || and.Op != token.AND {
		return Unknown, 0, false
	}
	of, by := and.X, and.Y
	if _, isConst := by.(*ssa.Const); !isConst {
		of, by = by, of
	}
	isInt(by, func(i int64) bool { mask = i; return true })
	return w.eval(e, of), mask, mask&^typesIn(true).all == 0
}

// typeBitsOf are the bits of the type in a mode, all of them and those of two types.
type typeBitsOf struct{ all, file, dir int64 }

// typesIn returns the bits of a mode of the system's own, see inode(7), or of Go's.
func typesIn(raw bool) typeBitsOf {
	if raw {
		return typeBitsOf{all: 0xf000, file: 0x8000, dir: 0x4000}
	}
	return typeBitsOf{all: int64(fs.ModeType), file: 0, dir: int64(fs.ModeDir)}
}

func isInt(v ssa.Value, holds func(int64) bool) bool {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
		return false
	}
	i, exact := constant.Int64Val(c.Value)
	return exact && holds(i)
}

// Is reports whether an error is of a class, ErrNotExist or ErrExist, if that is known.
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
