package race

import (
	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// tempName finds where a temporary file has a name that others can foresee, or
// is not where it must be to be renamed.
func tempName(w *window, ev *evidence) []*Finding {
	var found []*Finding
	add := func(use *pathops.Op, aspect Aspect, v Verdict, reason string) {
		if v != Silent {
			found = append(found, &Finding{Kind: TempName, Use: use, Aspect: aspect, Verdict: v, Reason: reason})
		}
	}
	for _, op := range w.group {
		if op.Handle || op.Deferred {
			continue
		}
		switch op.Effect {
		case fsapi.Create, fsapi.CreateKeep, fsapi.MakeDir, fsapi.MakeDirAll:
			if v, reason := w.sharedName(op, ev); v != Silent {
				add(op, Existence, v, reason)
			} else if !w.repeatable() && w.aside(op) {
				add(op, Aside, Strict, "two processes write to the same temporary")
			}
		case fsapi.Move:
			if v, reason := w.elsewhere(op); v != Silent {
				add(op, Elsewhere, v, reason)
			} else if !w.repeatable() && w.unsynced(op) {
				add(op, Unsynced, Strict, "the name may be on the device before the content is")
			}
		}
	}
	found = append(found, w.freedNames()...)
	for _, op := range w.droppedSyncs() {
		add(op, SyncError, Strict, "the content may not be on the device")
	}
	// Fewer than ten such places have been judged by a person, and half of
	// those were harmless: until more have been, only who asks is told.
	for _, f := range found {
		f.Verdict = min(f.Verdict, Strict)
	}
	return found
}

// sharedName judges the creation of something in the directory that everybody
// may write to.
func (w *window) sharedName(op *pathops.Op, ev *evidence) (Verdict, string) {
	num := w.ops.Numbers
	if !ev.shared(w.path) || !w.chosenHere(op) || w.locked(op.Call) {
		return Silent, ""
	}
	foresight := num.Foresee(w.path)
	switch {
	case foresight == fspath.Hidden:
		return Silent, ""
	case op.Effect == fsapi.MakeDirAll && !beneath(w.path):
		return Silent, "" // it may be the shared directory itself
	case op.Effect == fsapi.MakeDir && w.after(op, fate.Dir).AllFail():
		return Silent, "" // what is there already is refused
	case foresight == fspath.Unsure:
		return Strict, "the name may be one that others can foresee"
	case op.Effect == fsapi.MakeDirAll:
		return Strict, "another user's directory is accepted"
	}
	return Report, "everybody can foresee the name"
}

// beneath reports whether a path has a name added to a directory, or is a
// constant.
func beneath(path *fspath.Value) bool {
	_, constant := path.Text()
	return constant || len(path.Joined()) > 1 || path.Appended() != nil
}

// chosenHere reports whether the path is not one that a callee of this module
// has chosen by itself: that is a finding in the callee.
func (w *window) chosenHere(op *pathops.Op) bool {
	if !w.ops.Ours(op.Via) {
		return true
	}
	for _, arg := range fspath.Operands(op.Call.Common()) {
		if v := w.ops.Numbers.Of(arg); !w.path.Walk(func(part *fspath.Value) bool { return part != v }) {
			return true
		}
	}
	return false
}

// aside reports whether what is written is renamed to a target from which its
// own name follows.
func (w *window) aside(op *pathops.Op) bool {
	if op.Effect != fsapi.Create && op.Effect != fsapi.CreateKeep || w.fresh() || w.locked(op.Call) {
		return false
	}
	for _, move := range w.group {
		if move.Effect != fsapi.Move {
			continue
		}
		if move.Call == op.Call {
			return false // both in the callee: a finding there
		}
		if !w.reachesAfterSuccess(op, move, fate.Absent) {
			continue
		}
		if target := w.partner(move, fsapi.Replace); target != nil && target.Path != w.path && w.ops.Numbers.Foresee(w.path, parts(target.Path)...) == fspath.Foreseen {
			return true
		}
	}
	return false
}

// repeatable reports whether the file is of a tool that works on the files of
// its user, one command at a time: what is lost can be made again.
func (w *window) repeatable() bool {
	origins := w.ops.Numbers.Origins(w.path)
	return origins.Has(fsapi.WorkDir) || origins.Has(fsapi.Argument)
}

// parts lists what a path is computed from, and the path.
func parts(path *fspath.Value) []*fspath.Value {
	var list []*fspath.Value
	path.Walk(func(v *fspath.Value) bool {
		list = append(list, v)
		return true
	})
	return list
}

// elsewhere judges a rename from one directory to another, which may be of
// another file system.
func (w *window) elsewhere(move *pathops.Op) (Verdict, string) {
	target := w.partner(move, fsapi.Replace)
	if target == nil {
		return Silent, ""
	}
	from, to := w.ops.Numbers.Origins(w.path), w.ops.Numbers.Origins(target.Path)
	switch {
	case to.Fresh(), to.Has(fsapi.TempDir), w.fallsBack(move), !w.chosenHere(move):
		return Silent, ""
	case from.Fresh() && from.Has(fsapi.TempDir):
		return Report, "the directory for temporaries is often another file system"
	case from.Has(fsapi.WorkDir) && to.Has(fsapi.Executable):
		return Report, "the working directory is seldom the program's"
	}
	return Silent, ""
}

// fallsBack reports whether a rename that fails is no failure.
func (w *window) fallsBack(move *pathops.Op) bool {
	walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
	return !walk.FromCall(move.Call, fate.Denied).AllFail()
}

// unsynced reports whether a file is renamed that this function has created,
// and nobody has flushed to the device.
func (w *window) unsynced(move *pathops.Op) bool {
	if w.partner(move, fsapi.Replace) == nil || w.ops.Ours(move.Via) || w.callsA(fsapi.Syncs) {
		return false
	}
	for _, op := range w.group {
		if creates(op) && !w.ops.Ours(op.Via) && (w.reachesAfterSuccess(op, move, fate.Absent) || w.reachesAfterSuccess(op, move, fate.File)) {
			return true
		}
	}
	return false
}

// freedNames finds temporaries that are removed so that their names can be
// used, which are then anybody's.
func (w *window) freedNames() []*Finding {
	temporary := w.path.Kind == fspath.Unique && w.fresh() // a directory of os.MkdirTemp
	for _, op := range w.group {
		temporary = temporary || op.Row.Gives == fsapi.NewFile
	}
	if !temporary {
		return nil
	}
	var found []*Finding
	w.pairs(effect(fsapi.Remove, fsapi.RemoveAll), effect(fsapi.Create, fsapi.CreateKeep, fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Listen), func(remove, use *pathops.Op) {
		if !w.reachesAfterSuccess(remove, use, fate.File) {
			return
		}
		f := &Finding{Kind: TempName, Use: use, Check: remove, Verdict: Report, Reason: "the name is free again, and known"}
		if use.Effect == fsapi.MakeDir || use.Effect == fsapi.Listen {
			f.Verdict, f.Reason = Strict, "it fails over what has taken the name"
		}
		found = append(found, f)
	})
	return found
}

// droppedSyncs lists the calls that flush a file opened from the path, and
// whose error nobody looks at.
func (w *window) droppedSyncs() []*pathops.Op {
	var ops []*pathops.Op
	for _, call := range w.syncs[w.path] {
		ops = append(ops, &pathops.Op{Path: w.path, Call: call, Row: w.ops.Row(call), At: call.Pos(), Deep: call.Pos(), Handle: true, Perm: -1})
	}
	return ops
}
