package race

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// WriteChmod is a creation that is protected afterwards.
const WriteChmod Kind = "writechmod"

// The reasons of writeChmod.
var (
	wrongModeBetween    = Reason{"wrong-mode-between", "it has the wrong mode until the use", Report, low}
	readableBefore      = Reason{"readable-before-protected", "its content can be read until the use protects it", Report, low}
	enterableBefore     = Reason{"enterable-before-protected", "it can be entered until the use protects it", Report, low}
	ownerSetLate        = Reason{"owner-set-late", "the owner is set after the creation", Report, low}
	ownerSetLateOnLink  = Reason{"owner-set-late-nofollow", "the owner is set after the creation, of the link if the path has become one", Strict, low}
	ownerSetByInterface = Reason{"owner-set-by-interface", "the interface may have no such method on open files", Strict, low}
	modeWidened         = Reason{"mode-widened", "the mode is widened after the creation", Strict, low}
	modeSetAgain        = Reason{"mode-set-again", "the same mode is set again, against the umask", Strict, low}
	protectedAside      = Reason{"protected-before-rename", "it is written under another name, and renamed when it is ready", Strict, low}
	protectedUnderUmask = Reason{"created-under-umask", "the umask is set for the creation", Strict, low}
	protectedTemporary  = Reason{"protects-temporary", "it is a temporary of the program's own", Strict, low}
	createdByCallee     = Reason{"created-by-callee", "the callee has created it, too: the race is there", Silent, none}
)

// writeChmod finds objects that are created first and protected afterwards, by
// path.
func writeChmod(w *window) []*Finding {
	var found []*Finding
	w.pairs(makes, effect(fsapi.SetMode, fsapi.SetOwner), func(create, use *pathops.Op) {
		if !w.reaches(create, use, fate.Absent) {
			return
		}
		f := &Finding{Kind: WriteChmod, Use: use, Check: create}
		f.Reason = w.exposed(create, use)
		found = append(found, f)
	})
	return append(found, lateMode(w)...)
}

// lateMode finds files that are protected through their handle, which is right,
// but after something was written to them, which is late.
//
//	f, err := os.Create(path) // 0666
//	f.Write(key)
//	f.Chmod(0o600)            // use: key could be read until now
//
//	f, err := os.Create(path)
//	f.Chmod(0o600)            // in time: nothing is written yet
//	f.Write(key)
func lateMode(w *window) []*Finding {
	var found []*Finding
	for _, use := range w.group {
		if use.Effect != fsapi.SetMode || !use.Handle || use.Deferred || use.Perm < 0 {
			continue
		}
		for _, create := range w.group {
			if create.Handle || !effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive)(create) || w.special() {
				continue
			}
			if !tightens(create, use) || !w.reaches(create, use, fate.Absent) || !w.writtenBetween(create, use) {
				continue
			}
			found = append(found, &Finding{Kind: WriteChmod, Use: use, Check: create, Reason: readableBefore})
		}
	}
	return found
}

// writtenBetween reports whether something is written to the file that create
// opens before use runs.
//
//	f, err := os.Create(path) // create
//	f.Write(key)              // between
//	f.Chmod(0o600)            // use
func (w *window) writtenBetween(create, use *pathops.Op) bool {
	for _, op := range w.group {
		if op.Handle && op.Effect == fsapi.Write && w.reaches(create, op, fate.Absent) && w.reaches(op, use, fate.File) {
			return true
		}
	}
	return false
}

// makes reports whether an operation brings an object into being that has a
// mode and an owner of its own.
func makes(op *pathops.Op) bool {
	return op.Effect == fsapi.Link && op.Row.Perm > 0 || effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic,
		fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Replace, fsapi.Listen)(op)
}

// exposed judges the time between the creation of an object and its protection.
func (w *window) exposed(create, use *pathops.Op) Reason {
	switch {
	case w.fresh():
		return protectedTemporary
	case w.special():
		return unshared
	case w.masked():
		return protectedUnderUmask
	case use.Guarded:
		return createdByCallee
	case use.Effect == fsapi.SetOwner && use.Row.Has(fsapi.NoFollow):
		return ownerSetLateOnLink
	case use.Effect == fsapi.SetOwner && use.Row.IsShape():
		return ownerSetByInterface
	case use.Effect == fsapi.SetOwner:
		return ownerSetLate
	case create.Effect == fsapi.Listen && tightens(create, use):
		return enterableBefore
	case create.Effect == fsapi.MakeDir, create.Effect == fsapi.MakeDirAll, create.Effect == fsapi.Listen:
		if use.Perm >= 0 && tightens(create, use) {
			return enterableBefore
		}
		return modeWidened
	case w.movedAfter():
		return protectedAside
	case sameMode(create, use):
		return modeSetAgain
	}
	return wrongModeBetween
}

// masked reports whether the function sets the umask itself.
func (w *window) masked() bool { return w.callsA(fsapi.SetsUmask) }

// sameMode reports whether an object is created with the mode that it is given
// later, less at most, but for what its owner may do.
func sameMode(create, use *pathops.Op) bool {
	if create.Perm >= 0 || use.Perm >= 0 {
		return create.Perm == use.Perm
	}
	from, most := computedFrom(modeArgument(create), 0o700)
	to, least := computedFrom(modeArgument(use), ^int64(0))
	return from != nil && from == to && most&^least == 0
}

// modeArgument returns the mode that a function by path is given, or nil.
//
//	os.WriteFile(path, data, mode) // mode
//	f.Chmod(mode)                  // nil: by the handle
func modeArgument(op *pathops.Op) ssa.Value {
	common := op.Call.Common()
	if !op.Direct() || op.Row.Perm == 0 || common.Signature().Recv() != nil || op.Row.Perm >= len(common.Args) {
		return nil
	}
	return common.Args[op.Row.Perm]
}

// computedFrom follows a mode to the variable or the metadata that it is
// computed from. It returns that, and which of its bits for the group and for
// others are taken over at all; no other bits than those of added are new.
//
//	os.FileMode(perm) & 0o755     // perm, and 0o055 of it
//	info.Mode().Perm() | 0o700    // info, and all of it, if added has 0o700
//	perm | 0o044                  // itself: these bits are new
func computedFrom(v ssa.Value, added int64) (ssa.Value, int64) {
	const shared = 0o077
	mask := int64(shared)
	for {
		switch x := v.(type) {
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.BinOp:
			c, ok := x.Y.(*ssa.Const)
			switch {
			case ok && c.Value != nil && x.Op == token.AND:
				mask &= c.Int64()
			case ok && c.Value != nil && x.Op == token.AND_NOT:
				mask &^= c.Int64()
			case ok && c.Value != nil && x.Op == token.OR && c.Int64()&^added == 0:
			default:
				return v, mask
			}
			v = x.X
		case *ssa.Call:
			row := fspath.Known(x)
			if row == nil || row.Gives != fsapi.Mode {
				return v, mask
			}
			v = fspath.Arguments(x.Common())[0]
		default:
			return v, mask
		}
	}
}

// tightens reports whether a mode allows less than the one at creation: os.Create,
// and a mode that is not a constant, may allow everything.
func tightens(create, use *pathops.Op) bool {
	had := create.Perm
	if had < 0 {
		had = 0o666
	}
	return use.Perm < 0 || had&^use.Perm&0o777 != 0
}
