package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// TempName is a temporary whose name can be foreseen, or that is in the wrong place.
const TempName Kind = "tempname"

// The reasons of tempName.
var (
	nameForeseen     = Reason{"name-foreseen", "every user of the system can predict the name", Report, medium}
	nameMaybe        = Reason{"name-maybe-foreseen", "other users may be able to predict the name", Report, medium}
	nameFallback     = Reason{"fallback-name-foreseen", "other users can predict the fallback name, which is used if no other directory is known", Strict, low}
	directoryShared  = Reason{"foreign-directory-accepted", "it accepts a directory that belongs to another user", Strict, low}
	nameBesideTarget = Reason{"temporary-shared", "two processes write to the same temporary file", Strict, low}
	otherFileSystem  = Reason{"rename-across-file-systems", "the directory for temporary files is often on another file system", Report, low}
	otherDirectory   = Reason{"rename-to-program-directory", "the working directory may be on another file system than the program's directory", Strict, low}
	renamedUnsynced  = Reason{"renamed-unsynced", "the new name may reach the disk before the content does", Strict, low}
	syncUnchecked    = Reason{"sync-unchecked", "the content may not be on disk", Strict, low}
	nameFreed        = Reason{"name-freed", "the name is free again, and other users know it", Strict, low}
	nameFreedFails   = Reason{"name-freed-fails", "it fails if another process has taken the freed name", Strict, low}
)

// tempName finds where a temporary file has a name that others can foresee, or
// is not where it must be to be renamed.
func tempName(w *window) []*Finding {
	var found []*Finding
	add := func(use *pathops.Op, aspect Aspect, reason Reason) {
		found = append(found, &Finding{Kind: TempName, Use: use, Aspect: aspect, Reason: reason})
	}
	for _, op := range w.group {
		if op.Handle || op.Deferred {
			continue
		}
		switch op.Effect {
		case fsapi.Create, fsapi.CreateKeep, fsapi.MakeDir, fsapi.MakeDirAll:
			if reason := w.sharedName(op); reason != (Reason{}) {
				add(op, Existence, reason)
			} else if !w.repeatable() && w.aside(op) {
				add(op, Aside, nameBesideTarget)
			}
		case fsapi.Move:
			if reason := w.elsewhere(op); reason != (Reason{}) {
				add(op, Elsewhere, reason)
			} else if !w.repeatable() && w.unsynced(op) && !w.syncedByHelper() {
				add(op, Unsynced, renamedUnsynced)
			}
		}
	}
	found = append(found, w.freedNames()...)
	for _, op := range w.droppedSyncs() {
		add(op, SyncError, syncUnchecked)
	}
	return found
}

// sharedName judges a creation in the directory that every user may write to. It
// returns the zero value if the creation is safe.
func (w *window) sharedName(op *pathops.Op) Reason {
	num := w.ops.Numbers
	if !w.ev.shared(w.path) || !w.chosenHere(op) || w.locked(op.Call) {
		return Reason{}
	}
	foresight := num.Foresee(w.path)
	switch {
	case foresight == fspath.Hidden:
		return Reason{}
	case op.Effect == fsapi.MakeDirAll && !num.BelowTemp(w.path):
		return Reason{} // it may be the shared directory itself
	case op.Effect == fsapi.MakeDir && w.after(op, fate.Dir).AllFail():
		return Reason{} // what is there already is refused
	case op.Effect == fsapi.MakeDir, op.Effect == fsapi.MakeDirAll:
		return directoryShared
	case num.Origins(w.path).Has(fsapi.UserDir), w.mayBeGiven():
		return nameFallback
	case foresight == fspath.Unsure:
		return nameMaybe
	}
	return nameForeseen
}

// mayBeGiven reports whether the path is one that is given, and one in a shared directory
// only if it is not:
//
//	func (l *logger) filename() string {
//		if l.Filename != "" {
//			return l.Filename
//		}
//		return filepath.Join(os.TempDir(), "app.log")
//	}
//
// The twin chooses by the environment of the program alone:
//
//	if dir := os.Getenv("APP_DIR"); dir != "" {
//		return dir
//	}
func (w *window) mayBeGiven() bool {
	given := func(v *fspath.Value) bool {
		root := leftmost(v)
		return root.Kind == fspath.Param || root.Kind == fspath.Field
	}
	return !w.path.Walk(func(v *fspath.Value) bool {
		return v.Kind != fspath.Chosen || !slices.ContainsFunc(v.Args[:v.Ways], given)
	})
}

// chosenHere reports whether the path is not one that a callee of this module
// has chosen by itself: that is a finding in the callee.
//
//	func (j *job) mark() error {
//		return os.WriteFile(filepath.Join(os.TempDir(), j.id), nil, 0o600) // chosen here
//	}
//
//	err := j.mark()                         // not here
//	err := write(os.TempDir(), "app.pid")   // here: write knows no directory
func (w *window) chosenHere(op *pathops.Op) bool {
	if !w.ops.Ours(op.Via) {
		return true
	}
	callee := w.ev.funcs[op.Call.Common().StaticCallee()]
	if callee == nil {
		return w.passesName(op)
	}
	inTemp := func(inner *pathops.Op) bool { return w.ops.Numbers.Origins(inner.Path).Has(fsapi.TempDir) }
	return w.passesPath(op) && !slices.ContainsFunc(within(callee, op), inTemp)
}

// aside reports whether what is written is renamed to a target from which its
// own name follows.
//
//	tmp := path + ".tmp"
//	os.WriteFile(tmp, data, 0o600) // op
//	os.Rename(tmp, path)
//
//	f, err := os.CreateTemp(dir, "x-*") // a name of its own
//	os.Rename(f.Name(), path)
//
//	os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) // a log: what is there stays
//	os.Rename(log, filepath.Join(dir, "old.log"))
func (w *window) aside(op *pathops.Op) bool {
	writesWhole := op.Effect == fsapi.Create || op.Effect == fsapi.CreateKeep && !op.Appends
	if !writesWhole || w.fresh() || w.locked(op.Call) {
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
		target := w.partner(move, fsapi.Replace)
		if target == nil || rotates(move, target) {
			continue
		}
		if w.ops.Numbers.Foresee(w.path, parts(target.Path)...) == fspath.Foreseen {
			return true
		}
	}
	return false
}

// rotates reports whether a rename gives a file a name that is made from its own:
// what is moved away is no temporary of the target's.
//
//	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
//	err = os.Rename(name, name+".1")
//
// The twin is one:
//
//	err := os.WriteFile(name+".tmp", data, 0o600)
//	err = os.Rename(name+".tmp", name)
func rotates(move, target *pathops.Op) bool {
	return !target.Path.Walk(func(part *fspath.Value) bool { return part != move.Path })
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
// another file system. It returns the zero value if that is right.
func (w *window) elsewhere(move *pathops.Op) Reason {
	target := w.partner(move, fsapi.Replace)
	if target == nil {
		return Reason{}
	}
	from, to := w.ops.Numbers.Origins(w.path), w.ops.Numbers.Origins(target.Path)
	switch {
	case to.Fresh(), to.Has(fsapi.TempDir), w.fallsBack(move, target), !w.chosenHere(move):
		return Reason{}
	case from.Fresh() && from.Has(fsapi.TempDir):
		return otherFileSystem
	case from.Has(fsapi.WorkDir) && to.Has(fsapi.Executable):
		return otherDirectory
	}
	return Reason{}
}

// fallsBack reports whether a rename that fails is no failure, or leads to a write to
// the target.
//
//	if os.Rename(tmp, path) == nil { return nil }
//	return copyFile(tmp, path)
//
// The twin, in a function that cannot fail:
//
//	if err := os.Rename(tmp, path); err != nil { log.Print(err) }
func (w *window) fallsBack(move, target *pathops.Op) bool {
	if w.f.Fn.Signature.Results().Len() == 0 {
		reached := w.reachedFrom(move, fate.Denied, false)
		return slices.ContainsFunc(w.f.Ops, func(op *pathops.Op) bool {
			return reached[op.Call] && !op.Handle && !op.Deferred && (op.Path == target.Path || op.Path == w.path && attempts(op))
		})
	}
	walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
	if !walk.FromCall(move.Call, fate.Denied).AllFail() {
		return true
	}
	to := w.ev.window(w.f, target.Path)
	return slices.ContainsFunc(to.group, func(op *pathops.Op) bool { return overwrites(op) && w.ev.fallsBack(to, op) })
}

// unsynced reports whether a file is renamed that this function created and did not
// sync.
//
//	f, err := os.Create(tmp)
//	f.Write(data)
//	f.Close()             // without f.Sync before it
//	os.Rename(tmp, path)  // move
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

// syncedByHelper reports whether a helper in the package opens the path and flushes
// what it has opened: through another handle it is the same file.
//
//	err = os.WriteFile(tmp, data, 0o600)
//	err = syncFile(tmp) // os.Open, Sync, Close
//	err = os.Rename(tmp, path)
func (w *window) syncedByHelper() bool {
	return slices.ContainsFunc(w.group, func(op *pathops.Op) bool {
		callee := w.ev.funcs[op.Call.Common().StaticCallee()]
		return op.Via != nil && op.Row.Gives == fsapi.Handle && callee != nil && flushes(callee.Fn)
	})
}

// flushes reports whether a function calls one that flushes a file.
func flushes(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && fspath.Known(call).Has(fsapi.Syncs) {
				return true
			}
		}
	}
	return false
}

// freedNames finds temporary files that are removed so that their names can be used,
// which any process can take then.
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
		f := &Finding{Kind: TempName, Use: use, Check: remove, Reason: nameFreed}
		if use.Effect == fsapi.MakeDir || use.Effect == fsapi.Listen {
			f.Reason = nameFreedFails
		}
		found = append(found, f)
	})
	return found
}

// droppedSyncs lists the calls that sync a file opened from the path, and whose error
// is ignored.
func (w *window) droppedSyncs() []*pathops.Op {
	var ops []*pathops.Op
	for _, call := range w.syncs[w.path] {
		ops = append(ops, &pathops.Op{Path: w.path, Call: call, Row: w.ops.Row(call), At: call.Pos(), Deep: call.Pos(), Handle: true, Perm: -1})
	}
	return ops
}
