package race

import (
	"go/token"
	"slices"

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
	readableBefore      = Reason{"readable-before-protected", "another user can read its content until the use protects it", Report, low}
	enterableBefore     = Reason{"enterable-before-protected", "another user can access it until the use protects it", Report, low}
	openedBefore        = Reason{"opened-before-protected", "another user can open it until the use protects it, and read what is written later", Report, low}
	ownerSetLate        = Reason{"owner-set-late", "the owner is set after the creation", Strict, low}
	publicGivenAway     = Reason{"public-given-away", "every user may read it anyway, and only its creator can change it until the use", Silent, none}
	ownerSetLateOnLink  = Reason{"owner-set-late-nofollow", "the owner is set after the creation, without following a link", Strict, low}
	ownerSetByInterface = Reason{"owner-set-by-interface", "the interface may not have this method for open files", Strict, low}
	ownerOfFound        = Reason{"owner-set-on-found-file", "the open may find an existing file or follow a link, and the new owner gets that file", Strict, high}
	modeWidened         = Reason{"mode-widened", "the mode is widened after the creation", Strict, low}
	modeSetAgain        = Reason{"mode-set-again", "the same mode is set again, to undo the umask", Strict, low}
	ownerBitsSet        = Reason{"owner-bits-set", "only the permissions of its owner change, and no other user has any", Strict, low}
	privateAgain        = Reason{"private-directory-again", "only its owner can enter the directory, from its creation on", Silent, none}
	protectedAside      = Reason{"protected-before-rename", "it is written under another name, and renamed when it is complete", Strict, low}
	protectedUnderUmask = Reason{"created-under-umask", "the umask is set for the creation", Strict, low}
	protectedTemporary  = Reason{"protects-temporary", "it is a temporary file of this program", Strict, low}
	createdByCallee     = Reason{"created-by-callee", "the callee also creates it, so the race is in the callee", Silent, none}
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
	found = append(found, lateMode(w)...)
	return append(found, givesFound(w)...)
}

// givesFound finds files that are given to another owner through their handle. This does
// not protect if the open may have found a file of another user, or a link.
//
//	f, err := os.OpenFile(filepath.Join(home, "README"), os.O_WRONLY|os.O_CREATE, 0o600)
//	err = f.Chown(uid, gid) // of whatever was there
//
// The twin has made the file:
//
//	f, err := os.OpenFile(filepath.Join(home, "README"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
func givesFound(w *window) []*Finding {
	if w.special() {
		return nil
	}
	var found []*Finding
	for _, use := range w.group {
		if use.Effect != fsapi.SetOwner || !use.Handle || use.Deferred {
			continue
		}
		for _, create := range w.group {
			if !create.Handle && !create.NoFollow && create.Call != use.Call && effect(fsapi.Create, fsapi.CreateKeep)(create) && w.reaches(create, use, fate.File) {
				found = append(found, &Finding{Kind: WriteChmod, Use: use, Check: create, Aspect: Owner, Reason: ownerOfFound})
			}
		}
	}
	return found
}

// lateMode finds files that are protected through their handle, which is right,
// but after they could be opened, which is late.
//
//	f, err := os.Create(path)
//	err = f.Chmod(0o600) // a process that opened it before reads what is written now
//	_, err = f.Write(key)
//
// and not, since no other user can read more than before:
//
//	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
//	err = f.Chmod(0o700)
func lateMode(w *window) []*Finding {
	var found []*Finding
	for _, use := range w.group {
		if use.Effect != fsapi.SetMode || !use.Handle || use.Deferred || use.Perm < 0 || use.Guarded {
			continue // a callee that opens the file itself protects it, or not, on its own
		}
		for _, create := range w.group {
			if create.Handle || !effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive)(create) || w.special() {
				continue
			}
			if lostBits(create, use)&readBits == 0 || !w.reaches(create, use, fate.Absent) {
				continue
			}
			f := &Finding{Kind: WriteChmod, Use: use, Check: create, Reason: openedBefore}
			if w.writtenBetween(create, use) {
				f.Reason = readableBefore
			}
			found = append(found, f)
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
	case use.Effect == fsapi.SetOwner:
		return givenAway(create, use)
	case effect(fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Listen)(create):
		return modeOfShared(create, use)
	case w.renamedAfter(use):
		return protectedAside
	case create.Perm < 0 && sameMode(create, use):
		return modeSetAgain
	}
	return modeOfFile(create, use)
}

// renamedAfter reports whether what has the path when op runs is renamed afterwards:
//
//	err = os.Chmod(path+".new", 0o755)
//	err = os.Rename(path+".new", path)
//
// It is not the old file that was moved away to make room:
//
//	err = os.Rename(path, path+".old")
//	err = os.Rename(path+".new", path)
//	err = os.Chmod(path, 0o755)
func (w *window) renamedAfter(op *pathops.Op) bool {
	return slices.ContainsFunc(w.group, func(other *pathops.Op) bool {
		return other.Effect == fsapi.Move && (other.Deferred || w.reaches(op, other, fate.File))
	})
}

// givenAway judges a change of the owner. It protects nothing if every user may
// read the object:
//
//	err := os.WriteFile(path, data, 0o644)
//	err = os.Chown(path, uid, gid)
//
// The group of the process may read this one until then:
//
//	err := os.WriteFile(path, key, 0o640)
//	err = os.Chown(path, uid, gid)
func givenAway(create, use *pathops.Op) Reason {
	const group, others, read = 0o070, 0o007, 0o004
	mode := creationMode(create)
	switch public := mode >= 0 && mode&read != 0 && mode&group>>3&^(mode&others) == 0; {
	case public:
		return publicGivenAway
	case use.Row.Has(fsapi.NoFollow):
		return ownerSetLateOnLink
	case use.Row.IsShape():
		return ownerSetByInterface
	}
	return ownerSetLate
}

// modeOfShared judges the mode of a directory or a socket, which others may enter,
// or connect to, until it is set.
//
//	err := os.MkdirAll(dir, 0o755)
//	err = os.Chmod(dir, 0o700) // entered before
//
//	err := os.MkdirAll(dir, 0o700)
//	err = os.Chmod(dir, 0o700) // one that was there is closed, a new one was never open
func modeOfShared(create, use *pathops.Op) Reason {
	switch {
	case create.Effect == fsapi.Listen && tightens(create, use):
		return enterableBefore
	case use.Perm < 0:
		return modeWidened
	case create.Perm == use.Perm && use.Perm&sharedBits == 0:
		return privateAgain
	case tightens(create, use):
		return enterableBefore
	}
	return modeWidened
}

// modeOfFile judges the mode of a file, or of what is renamed into place, which has
// one of its own that is not known.
//
//	err := os.WriteFile(path, key, 0o644)
//	err = os.Chmod(path, 0o600) // read before
//
//	err := os.Rename(tmp, path)
//	err = os.Chmod(path, 0o755) // cannot be run before
//
//	err := os.WriteFile(path, script, 0o600)
//	err = os.Chmod(path, 0o700) // its owner's alone, and 0o644: only widened
func modeOfFile(create, use *pathops.Op) Reason {
	had, has := creationMode(create), use.Perm
	switch {
	case had < 0 || has < 0:
		return wrongModeBetween
	case lostBits(create, use)&^maskedBits != 0:
		return wrongModeBetween
	case had|maskedBits == has|maskedBits:
		return modeSetAgain
	case has&^had&sharedBits == 0:
		return ownerBitsSet
	}
	return modeWidened
}

// Bits of a mode.
const (
	sharedBits = 0o077 // what others than the owner may do
	readBits   = 0o044 // that they may read
	maskedBits = 0o022 // what the common umask takes from a new object
)

// creationMode returns the mode that an object is created with, which the umask may
// take bits from, or -1 if it is not known.
func creationMode(create *pathops.Op) int64 {
	if create.Perm < 0 && create.Row.Perm == 0 && create.Row.Gives == fsapi.Handle {
		return 0o666 // os.Create
	}
	return create.Perm
}

// lostBits returns what others than the owner may do at the creation, and not after
// use. A creation whose mode is not known may let them do everything.
func lostBits(create, use *pathops.Op) int64 {
	had := creationMode(create)
	if had < 0 {
		had = 0o666
	}
	return had &^ use.Perm & sharedBits
}

// ReadableBefore reports whether other users can read a file until the use of a
// finding sets its mode:
//
//	err := os.WriteFile(path, key, 0o644)
//	err = os.Chmod(path, 0o600)
//
// It is false if either mode is not known, as after os.Rename.
func ReadableBefore(f *Finding) bool {
	known := f.Use.Effect == fsapi.SetMode && f.Use.Perm >= 0 && creationMode(f.Check) >= 0
	return known && lostBits(f.Check, f.Use)&readBits != 0
}

// masked reports whether the function sets the umask itself.
func (w *window) masked() bool { return w.callsA(fsapi.SetsUmask) }

// sameMode reports whether an object is created with the mode that it is given
// later, less at most, but for what its owner may do. Neither is a constant.
func sameMode(create, use *pathops.Op) bool {
	if use.Perm >= 0 {
		return false
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
	mask := int64(sharedBits)
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

// tightens reports whether a mode allows others less than the one at creation, so
// far as the common umask has left that. One that is not a constant may.
func tightens(create, use *pathops.Op) bool {
	return use.Perm < 0 || lostBits(create, use)&^maskedBits != 0
}
