package race

import (
	"go/token"
	"go/types"
	"io/fs"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// infoOf returns the metadata that a direct check returns, or nil.
func infoOf(check *pathops.Op) ssa.Value {
	call, ok := check.Call.(*ssa.Call)
	if !ok || !check.Direct() || check.Row.Gives != fsapi.Info {
		return nil
	}
	return firstResult(call)
}

// isInfo reports whether t is fs.FileInfo.
//
//	fs.FileInfo, os.FileInfo // the second is an alias of the first
func isInfo(t types.Type) bool { return fate.IsNamed(t, "io/fs", "FileInfo") }

// property returns the property that a method of metadata reads, if programs restrict it.
func property(call *ssa.Call) Aspect {
	row := fspath.Known(call)
	if row == nil {
		return Existence
	}
	switch row.Gives {
	case fsapi.Size:
		return Size
	case fsapi.Mode:
		return Mode
	case fsapi.Sys:
		return Owner
	}
	return Existence
}

// age returns the aspect of a call that reads the time of the last change from metadata.
func age(call *ssa.Call) Aspect {
	if row := fspath.Known(call); row != nil && row.Gives == fsapi.ModTime {
		return Age
	}
	return Existence
}

// testsType reports whether a value is the result of a test of the type of an object:
// mode.IsRegular(), mode&fs.ModeSymlink.
//
//	info.Mode().IsRegular()
//	info.Mode()&fs.ModeSymlink != 0
//	info.Mode().Type() == fs.ModeSymlink
//	info.Mode()&0o077 != 0 // not: it tests permissions
func testsType(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Call:
		row := fspath.Known(v)
		return row != nil && row.Gives == fsapi.IsRegular || row.Has(fsapi.TypeBits)
	case *ssa.BinOp:
		c, ok := v.Y.(*ssa.Const)
		return ok && v.Op == token.AND && c.Value != nil && c.Int64()&int64(fs.ModeType) != 0
	}
	return false
}

// computes reports whether a value is a plain computation on others.
func computes(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.BinOp, *ssa.UnOp, *ssa.Convert, *ssa.ChangeType, *ssa.Phi, *ssa.TypeAssert, *ssa.Extract, *ssa.FieldAddr, *ssa.Field:
		return true
	case *ssa.Call:
		// Of the mode: Perm, IsRegular, Type. IsDir makes a choice.
		row := fspath.Known(v)
		return row != nil && (row.Gives == fsapi.Mode || row.Gives == fsapi.IsRegular)
	}
	return false
}

// limits reports whether a condition compares something with a bound other than zero. In a
// function without an error result, that distinguishes a limit from a choice.
func limits(cond ssa.Value) bool {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok {
		return false
	}
	switch cmp.Op {
	case token.GTR, token.GEQ, token.LSS, token.LEQ:
	default:
		return false
	}
	for _, v := range []ssa.Value{cmp.X, cmp.Y} {
		if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.ExactString() == "0" {
			return false
		}
	}
	return true
}

// follow calls visit for each value that is computed from a property of the
// metadata that check returns.
func (w *window) follow(check *pathops.Op, visit func(ssa.Value, Aspect)) {
	call, ok := check.Call.(*ssa.Call)
	if !ok || check.Row.Gives != fsapi.Info || !check.Direct() {
		return
	}
	of := make(map[ssa.Value]Aspect)
	work := []ssa.Value{call}
	for len(work) > 0 && len(of) < maxFollowed {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *x.Referrers() {
			next, ok := ref.(ssa.Value)
			if !ok || of[next] != Existence {
				continue
			}
			if e, ok := next.(*ssa.Extract); ok && e.Tuple == ssa.Value(call) {
				if e.Index == 0 {
					work = append(work, e)
				}
				continue
			}
			aspect := of[x]
			if c, ok := next.(*ssa.Call); ok && aspect == Existence {
				if aspect = property(c); aspect == Existence {
					aspect = age(c)
				}
			}
			if aspect == Existence || !plain(next.Type()) {
				continue
			}
			of[next] = aspect
			visit(next, aspect)
			work = append(work, next)
		}
	}
}

// plain reports whether a value of type t can be a computation on a property:
// a number, a bool, a time, or the system's form of the metadata.
func plain(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Info()&(types.IsBoolean|types.IsNumeric) != 0
	case *types.Struct, *types.Pointer:
		return true
	case *types.Interface:
		return t.Empty()
	}
	return false
}

// restricts returns the property of the object that the check restricts, so that the use
// does not run for other objects.
func (w *window) restricts(check, use *pathops.Op) Aspect {
	if info := infoOf(check); info != nil {
		return w.tested(info, use, 0)
	}
	return w.answered(check, use)
}

// answered is restricts for a check by a helper, one of whose results depends on what it
// has found.
//
//	if isLink(path) { return errLink } // Type: it returns fi.Mode()&fs.ModeSymlink != 0
//	if found(path) { return errExist } // Existence: it returns err == nil
func (w *window) answered(check, use *pathops.Op) Aspect {
	if v := check.Answer(fsapi.Info); v != nil {
		return w.tested(v, use, 0)
	}
	for _, of := range []struct {
		what   fsapi.Result
		aspect Aspect
	}{{fsapi.IsRegular, Type}, {fsapi.Mode, Mode}, {fsapi.Size, Size}, {fsapi.Sys, Owner}} {
		if v := check.Answer(of.what); v != nil {
			if aspect := w.refused(v, of.aspect, use); aspect != Existence {
				return aspect
			}
		}
	}
	return Existence
}

// tested follows a property of the metadata to a branch that refuses the use.
func (w *window) tested(v ssa.Value, use *pathops.Op, depth int) Aspect {
	if depth > 6 {
		return Existence
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if aspect := property(ref); aspect != Existence {
				if aspect = w.refused(ref, aspect, use); aspect != Existence {
					return aspect
				}
			}
		case ssa.Value:
			switch ref.(type) {
			case *ssa.TypeAssert, *ssa.ChangeInterface, *ssa.Phi:
				if a := w.tested(ref, use, depth+1); a != Existence {
					return a
				}
			}
		}
	}
	return Existence
}

// refused follows a property to a branch on it that leads away from use into a
// failure, and returns what the branch restricts: the type, if only the type is read from
// a mode.
func (w *window) refused(v ssa.Value, aspect Aspect, use *pathops.Op) Aspect {
	of := map[ssa.Value]Aspect{v: aspect}
	for work := []ssa.Value{v}; len(work) > 0 && len(of) < 40; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *x.Referrers() {
			if branch, ok := ref.(*ssa.If); ok {
				if (of[x] != Size || limits(branch.Cond)) && w.oneArmRefuses(branch, use) {
					return of[x]
				}
				continue
			}
			next, ok := ref.(ssa.Value)
			if !ok || of[next] != Existence || !computes(next) {
				continue
			}
			of[next] = of[x]
			if testsType(next) {
				of[next] = Type
			}
			work = append(work, next)
		}
	}
	return Existence
}

// oneArmRefuses reports whether one arm of a branch leads to use, and the
// other one does not and ends in a failure.
func (w *window) oneArmRefuses(branch *ssa.If, use *pathops.Op) bool {
	b := branch.Block()
	for i, arm := range b.Succs {
		other := b.Succs[1-i]
		if leadsTo(other, use.Call, b) && !leadsTo(arm, use.Call, b) {
			walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
			return walk.FromBlock(arm, b, fate.File).AllFail() || w.f.Fn.Signature.Results().Len() == 0 && limits(branch.Cond)
		}
	}
	return false
}
