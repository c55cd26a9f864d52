package race

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// TornWrite is a write in place of a file that is read back.
const TornWrite Kind = "tornwrite"

// tornWrite finds files that lose something when they are truncated and rewritten
// in place: a reader in between sees half of the new content, and after a crash
// or on a full disk the old content is lost as well.
//
//	text, err := json.Marshal(s.items)
//	…
//	return os.WriteFile(s.path, text, 0o600) // and load() reads s.path
//
// It lets pass what can be made again, and what is new in any case:
//
//	return os.WriteFile(flag.Arg(1), report, 0o644)
//	return os.WriteFile(filepath.Join(dir, uuid.NewString()), text, 0o600)
func tornWrite(w *window) []*Finding {
	var found []*Finding
	for _, op := range w.group {
		if op.Deferred || !judgedHere(w, op) {
			continue
		}
		f := &Finding{Kind: TornWrite, Use: op}
		switch {
		case overwrites(op) && !op.Handle && w.movedAfter():
			f.Reason = tornWriteAside
		case overwrites(op) && !op.Handle:
			f.explain(w, 0)
		case overwrites(op):
			// A file that is opened with its content kept, and emptied later, is
			// read in between, or else it would have been truncated at once.
			f.explain(w, emptied)
			if f.Level() == Report && w.lockedAround() {
				f.Reason = tornUnderLock
			}
		case op.Effect == fsapi.Replace:
			if f.Check = w.movedAwayBefore(op); f.Check == nil {
				continue
			}
			f.Aspect = Gap
			f.explain(w, 0)
			if f.Level() == Report {
				f.Reason = tornGap
			} else {
				f.Reason = tornGapUnread // a matter of what comes after what: checkact's
			}
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

// explain weighs an overwrite, and records what decides.
func (f *Finding) explain(w *window, known fact) {
	f.defect = w.ev.defectOf(f.Use)
	chains := w.ev.judge(w, f.Use, known)
	if len(chains) == 0 {
		f.Reason = tornNothing
		return
	}
	sum, reason := decide(chains, w.ev.joined)
	f.Reason, f.Signs = reason, []string{}
	switch {
	case f.Reason == tornLoadedElsewhere, f.Reason == tornReadElsewhere:
		f.Reader = sum.readElsewhere(w.ev.joined)
	case f.Reason == tornState && w.ev.chosenElsewhere(w, f.Use):
		f.Reason = tornByHelper
	}
	switch _, alone := decide(chains, nil); {
	case w.ev.joined != nil:
		f.Unsettled = alone.Level != f.Level()
	case w.ev.shown == nil:
		f.Unsettled = f.Level() == Silent
	}
	for _, s := range sum.signs {
		f.Signs = append(f.Signs, s.ID)
	}
}

// chosenElsewhere reports whether the callers in other packages choose the path: what
// the file is can only be known there.
//
//	func WriteJSON(path string, v any) error { … } // has no callers in the package
//	func writeJSON(path string, v any) error { … } // only the package can
func (ev *evidence) chosenElsewhere(w *window, op *pathops.Op) bool {
	obj, ok := w.f.Fn.Object().(*types.Func)
	return ok && obj.Exported() && op.Path.Kind == fspath.Param && len(ev.callers[op.Deep]) == 0
}

// defectOf names the overwrite that a call leads to in another package, if all
// calls that lead to it overwrite the same file.
//
//	store.Add(x); store.Remove(y)        // each rewrites the file of the store's own field
//	disk.Save(conf.path, a); disk.Save(conf.path, b)
//
// Not disk.Save(a.path, text) and disk.Save(b.path, text), which are two files.
func (ev *evidence) defectOf(op *pathops.Op) string {
	if op.Via == nil || op.Via.Pkg() == nil {
		return ""
	}
	kept := !op.Path.Walk(func(v *fspath.Value) bool {
		return v.Kind != fspath.Field || !inPackage(v.Owner, op.Via.Pkg())
	})
	if kept {
		return op.In
	}
	if ids := ev.known(op.Path); len(ids) > 0 && ev.ops.Ours(op.Via) {
		return op.In + " " + ids[0]
	}
	return ""
}

// judgedHere reports whether the function of a window is the place for a finding
// about op: the function that performs it, or the one that chooses its path if
// the first is in another package.
//
//	// package disk                         // package app
//	func Save(p string, text []byte) error  disk.Save(s.path, text)  // here
//	func (s *Store) Flush() error           store.Flush()            // in disk
//	func (s *Store) Put(key string) error   store.Put(key)           // in disk, which chooses the directory
//	func Open(c conf.Config) error          disk.Open(c)             // in disk, which reads c.KeyPath as well as its callers can
//
// For a function of another module that chooses the path by itself, the call is all
// that the reader can see. Where the function returns no error if it cannot write
// the file, its caller has no use for the file:
//
//	client, err := sdk.New()             // which keeps an identifier, if it can
func judgedHere(w *window, op *pathops.Op) bool {
	if w.passedOn(op) {
		return false
	}
	if !w.ops.Ours(op.Via) {
		return op.Via == nil || w.passesPath(op) || w.passesFailureOn(op)
	}
	root := leftmost(op.Path)
	ofCallee := root.Kind == fspath.Field && inPackage(root.Owner, op.Via.Pkg())
	return op.Via.Pkg() != w.f.Fn.Pkg.Pkg && !op.Handle && !ofCallee && !w.replacesWhole(op) && w.passesName(op)
}

// passedOn reports whether a method passes its own call on to the same method of what it
// wraps: a layer over a file system, which neither chooses the file nor the way to write it.
//
//	func (l logged) WriteFile(name string, data []byte, perm fs.FileMode) error {
//		log.Print(name)
//		return l.FS.WriteFile(name, data, perm)
//	}
//
// The twin has a file of its own:
//
//	func (l logged) WriteFile(name string, data []byte, perm fs.FileMode) error {
//		l.FS.WriteFile(l.journal, data, perm)
func (w *window) passedOn(op *pathops.Op) bool {
	fn, method := w.f.Fn, fspath.Callee(op.Call.Common())
	ofMethod := fn.Signature.Recv() != nil && method != nil && method.Signature().Recv() != nil
	return ofMethod && fn.Name() == method.Name() &&
		slices.ContainsFunc(fn.Params[1:], func(p *ssa.Parameter) bool {
			return slices.Contains(fspath.Operands(op.Call.Common()), ssa.Value(p)) && w.inPath(p, op)
		})
}

// replacesWhole reports whether the callee of op renames something onto the path
// as well: that it does not always is a matter of its own.
//
//	safe.Write(path, text) // a rename, and a copy where the rename fails
func (w *window) replacesWhole(op *pathops.Op) bool {
	return slices.ContainsFunc(w.group, func(other *pathops.Op) bool {
		return other.Call == op.Call && effect(fsapi.Replace, fsapi.CreateAtomic)(other)
	})
}

// passesFailureOn reports whether a call can return an error if the file cannot be
// opened.
func (w *window) passesFailureOn(op *pathops.Op) bool {
	all, known := w.ops.Knowledge(w.path).Outcomes(op.Call, nil, fate.Denied)
	return !known || slices.ContainsFunc(all, func(o fate.Outcome) bool { return fails(op.Call, o) })
}

// inPackage reports whether the type of the full name owner is of a package.
func inPackage(owner string, pkg *types.Package) bool {
	return strings.HasPrefix(owner, pkg.Path()+".")
}

// lockedAround reports whether the function, or one that it is a literal of,
// takes a lock that other processes respect.
func (w *window) lockedAround() bool {
	for fn := w.f.Fn; fn != nil; fn = fn.Parent() {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok && w.ops.LocksFile(call) {
					return true
				}
			}
		}
	}
	return false
}

// movedAwayBefore returns the operation that moves away what is at the path
// before use puts something else there, or nil.
//
//	os.Rename(path, backup)
//	os.Rename(tmp, path) // use: a reader in between finds nothing
//
//	os.Rename(path, backup)
//	if err := write(tmp); err != nil {
//		os.Rename(backup, path) // restores
//	}
func (w *window) movedAwayBefore(use *pathops.Op) *pathops.Op {
	for _, op := range w.group {
		if op.Effect == fsapi.Move && op.Call != use.Call && !op.Deferred && w.reachesAfterSuccess(op, use, fate.File) && !w.restores(op, use) && !ignored(use) {
			return op
		}
	}
	return nil
}
