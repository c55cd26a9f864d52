package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// pathReuse finds paths that are looked up again while a file opened by them
// is at hand.
func pathReuse(w *window) []*Finding {
	var found []*Finding
	again := effect(fsapi.Check, fsapi.SetMode, fsapi.SetOwner, fsapi.SetTimes, fsapi.Write)
	opens := func(op *pathops.Op) bool { return op.Opens || op.Effect == fsapi.Open }
	w.pairs(opens, again, func(open, use *pathops.Op) {
		if use.Row.Gives == fsapi.Handle || !w.reachesAfterSuccess(open, use, fate.File) && !w.reachesAfterSuccess(open, use, fate.Absent) {
			return
		}
		f := &Finding{Kind: PathReuse, Use: use, Check: open, Verdict: Report, Reason: "the file is open"}
		switch {
		case !open.Opens || !w.stillOpen(open, use):
			if use.Effect != fsapi.Check || open.Effect != fsapi.Open || !infoUsed(use) || w.special() {
				return
			}
			f.Verdict, f.Reason = Strict, "it was read before: what is asked now may be of another file"
		case w.fresh():
			f.Verdict, f.Reason = Strict, "the file is a temporary of our own"
		case w.special():
			f.Verdict, f.Reason = Silent, "nobody else changes it"
		case use.Effect == fsapi.Check && !infoUsed(use):
			f.Verdict, f.Reason = Silent, "whether the name is still there is nothing that a handle could tell"
		case use.Effect == fsapi.SetTimes:
			f.Verdict, f.Reason = Strict, "a handle has no such method"
		case use.Row == fsapi.ShapeOf(use.Row.Name):
			f.Verdict, f.Reason = Strict, "the interface may have no such method on handles"
		case use.Effect == fsapi.Check && (use.Row.Has(fsapi.NoFollow) || w.comparesFiles()):
			f.Verdict, f.Reason = Silent, "the two are compared"
		}
		found = append(found, f)
	})
	return found
}

// infoUsed reports whether anything looks at the metadata that a check yields.
func infoUsed(check *pathops.Op) bool {
	if _, isCall := check.Call.(*ssa.Call); !isCall || check.Row.Gives != fsapi.Info {
		return false
	}
	if check.Via != nil {
		return yieldsMetadata(check.Via)
	}
	info := infoOf(check)
	return info != nil && len(*info.Referrers()) > 0
}

// yieldsMetadata reports whether a wrapper of a check can hand on what the
// check has found: metadata, or one number or time of it. Another result is
// more likely to be of what the wrapper does besides.
func yieldsMetadata(via *types.Func) bool {
	for v := range via.Signature().Results().Variables() {
		switch t := v.Type().Underlying().(type) {
		case *types.Basic:
			if t.Info()&types.IsNumeric != 0 {
				return true
			}
		case *types.Interface:
			if m, _, _ := types.LookupFieldOrMethod(t, false, nil, "ModTime"); m != nil {
				return true
			}
		case *types.Struct:
			if v.Type().String() == "time.Time" {
				return true
			}
		}
	}
	return false
}

// stillOpen reports whether use can run before the file that open has opened
// is closed.
func (w *window) stillOpen(open, use *pathops.Op) bool {
	reached := false
	for _, s := range []fate.State{fate.File, fate.Absent} {
		walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
		walk.Visit = w.along(open, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			if !ok {
				return true
			}
			reached = reached || ssa.CallInstruction(call) == use.Call
			return !reached && !w.closes(call)
		}, nil)
		walk.FromCall(open.Call, s)
	}
	return reached
}

// closes reports whether a call closes a file opened from the path.
func (w *window) closes(call *ssa.Call) bool {
	if row := w.ops.Row(call); !row.Has(fsapi.Closes) && !row.Has(fsapi.ClosesDescriptor) {
		return false
	}
	args := fspath.Arguments(call.Common())
	return len(args) > 0 && w.ops.Numbers.Opened(w.ops.Numbers.Of(args[0])) == w.path
}

// comparesFiles reports whether the function asks whether two files are one,
// which is what makes a second look at a path right.
func (w *window) comparesFiles() bool { return w.callsA(fsapi.AsksSame) }

// masked reports whether the function sets the umask itself.
func (w *window) masked() bool { return w.callsA(fsapi.SetsUmask) }

// callsA reports whether the function calls one with the given traits.
func (w *window) callsA(t fsapi.Traits) bool {
	for _, b := range w.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && w.ops.Row(call).Has(t) {
				return true
			}
		}
	}
	return false
}

// writeChmod finds objects that are created first and protected afterwards, by
// path.
func writeChmod(w *window) []*Finding {
	var found []*Finding
	w.pairs(makes, effect(fsapi.SetMode, fsapi.SetOwner), func(create, use *pathops.Op) {
		if !w.reaches(create, use, fate.Absent) {
			return
		}
		f := &Finding{Kind: WriteChmod, Use: use, Check: create}
		f.Verdict, f.Reason = w.exposed(create, use)
		found = append(found, f)
	})
	return append(found, lateMode(w)...)
}

// lateMode finds files that are protected through their handle, which is right,
// but after something was written to them, which is late.
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
			found = append(found, &Finding{Kind: WriteChmod, Use: use, Check: create, Verdict: Report, Reason: "its content can be read before it is protected"})
		}
	}
	return found
}

// writtenBetween reports whether something is written to the file that create
// opens before use runs.
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
func (w *window) exposed(create, use *pathops.Op) (Verdict, string) {
	switch {
	case w.fresh():
		return Strict, "the object is a temporary of our own"
	case w.special():
		return Silent, "nobody else changes it"
	case w.masked():
		return Strict, "the umask is set for the creation"
	case use.Guarded:
		return Silent, "the callee has created it, too: that is the race"
	case use.Effect == fsapi.SetOwner && use.Row.Has(fsapi.NoFollow):
		return Strict, "the owner is set afterwards, of a link if it has become one"
	case use.Effect == fsapi.SetOwner && use.Row == fsapi.ShapeOf(use.Row.Name):
		return Strict, "the interface may have no such method on handles"
	case use.Effect == fsapi.SetOwner:
		return Report, "the owner is set afterwards"
	case create.Effect == fsapi.MakeDir, create.Effect == fsapi.MakeDirAll, create.Effect == fsapi.Listen:
		if use.Perm >= 0 && tightens(create, use) {
			return Report, "it can be entered before it is protected"
		}
		return Strict, "the mode is widened afterwards"
	case w.movedAfter(use):
		return Strict, "it is written aside and renamed when it is ready"
	case create.Perm >= 0 && create.Perm == use.Perm:
		return Strict, "the mode is set again against the umask"
	}
	return Report, "it has the wrong mode in between"
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
