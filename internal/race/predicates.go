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

// effect returns a test for operations of one of the effects.
func effect(effects ...fsapi.Effect) func(*pathops.Op) bool {
	return func(op *pathops.Op) bool {
		for _, e := range effects {
			if op.Effect == e {
				return true
			}
		}
		return false
	}
}

// inspects reports whether the program learns from an operation what is at the path.
// A load that fails is one such operation.
func inspects(op *pathops.Op) bool {
	return op.Effect == fsapi.Check || attempts(op)
}

// probes reports whether an operation checks what is at the path. A helper that opens the
// file, closes it again and returns a bool does so, too.
func probes(op *pathops.Op) bool {
	if op.Effect != fsapi.Open || op.Via == nil || op.Opens {
		return op.Effect == fsapi.Check
	}
	results := op.Via.Signature().Results()
	return results.Len() == 1 && isBool(results.At(0).Type())
}

// reads reports whether an operation leaves its caller with what is in the file: a
// watcher opens a file as well, and reads nothing.
//
//	os.ReadFile(path), os.Open(path), viper.ReadInConfig()
//	watcher.Add(path) // reads nothing
func reads(op *pathops.Op) bool {
	row := op.Row
	return op.Effect == fsapi.Open && (row.Gives == fsapi.Handle || row.Gives == fsapi.Contents || row.Has(fsapi.Loads))
}

// attempts reports whether an operation tries to open what is at the path, to
// read it or to write to it, and creates nothing.
func attempts(op *pathops.Op) bool {
	return op.Effect == fsapi.Open || op.Effect == fsapi.Write && op.Opens
}

// creates reports whether an operation creates a file to write to.
func creates(op *pathops.Op) bool {
	return effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive)(op) && !op.Handle && !op.Deferred
}

// writesTo reports whether an operation puts something where the path leads to.
func writesTo(op *pathops.Op) bool {
	return effect(fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic, fsapi.Write, fsapi.ByFlags,
		fsapi.Replace, fsapi.Link, fsapi.SetMode, fsapi.SetOwner)(op)
}

// changesEntry reports whether an operation follows the entry, if that is a
// link by then, and changes the target.
func changesEntry(op *pathops.Op) bool {
	return effect(fsapi.SetMode, fsapi.SetOwner, fsapi.Create, fsapi.CreateKeep, fsapi.Write, fsapi.ByFlags)(op)
}

// ignored reports whether the results of an operation are unused.
func ignored(op *pathops.Op) bool {
	call, ok := op.Call.(*ssa.Call)
	return ok && len(*call.Referrers()) == 0
}

// relative reports whether a path starts with a constant that is no absolute
// path.
func relative(v *fspath.Value) bool {
	for v.Kind == fspath.Pure && len(v.Args) > 0 {
		v = v.Args[0]
	}
	text, ok := v.Text()
	return ok && text != "" && text[0] != '/'
}

// special reports whether the path is one that no other program changes under
// us: in a temporary of our own, or in a file system of the kernel's making.
func (w *window) special() bool {
	return w.fresh() || w.device() || w.kernel()
}

// device reports whether the path is that of a node below /dev. A program that
// creates one there is another matter: in the tree of a container, /dev
// belongs to another user.
func (w *window) device() bool {
	text, ok := w.path.Text()
	return ok && strings.HasPrefix(text, "/dev/") && !strings.HasPrefix(text, "/dev/shm/")
}

// kernel reports whether the path lies in a file system of the kernel's making.
func (w *window) kernel() bool {
	if belowProcessRoot(w.path) {
		return false // a tree of files, by another name
	}
	kernel := w.ev.ofKernel(w.path)
	w.path.Walk(func(v *fspath.Value) bool {
		kernel = kernel || constantBelow(v, kernelDirs)
		return !kernel
	})
	return kernel
}

// fresh reports whether the path is of a temporary of our own.
func (w *window) fresh() bool { return w.ops.Numbers.Origins(w.path).Fresh() }

// locked reports whether a lock that other processes respect is taken on every path to
// call.
//
//	unix.Flock(fd, unix.LOCK_EX)
//	os.ReadFile(path) // call: locked
//
//	if shared {
//		unix.Flock(fd, unix.LOCK_EX)
//	}
//	os.ReadFile(path) // not on each way
func (w *window) locked(call ssa.CallInstruction) bool {
	if w.claimed(call) {
		return true
	}
	for _, lock := range w.locks {
		if comesAfter(call, lock) {
			return true
		}
	}
	return w.ev.everyCall(call.Parent(), w.ev.lockedAt)
}

// lockedAt reports whether the function that makes a call has before taken a lock that
// other processes respect.
//
//	unlock, err := s.lockFile()
//	defer unlock()
//	return s.drop(name) // under the lock, and so is what drop does
func (ev *evidence) lockedAt(call ssa.CallInstruction) bool {
	return slices.ContainsFunc(lockCalls(ev.ops, call.Parent()), func(lock *ssa.Call) bool {
		return ssa.CallInstruction(lock) != call && comesAfter(call, lock)
	})
}

// claimed reports whether a file that is created exclusively before call, under
// a name that others know, and removed when the function ends, serves as a lock.
func (w *window) claimed(call ssa.CallInstruction) bool {
	for _, claim := range w.claims {
		if claim.Path != w.path && claim.Call.Block().Dominates(call.Block()) {
			return true
		}
	}
	return false
}

// callsA reports whether the function calls one with the given trait.
func (w *window) callsA(t fsapi.Traits) bool { return w.traits&t == t }

// comparesFiles reports whether the function compares two files by os.SameFile, which
// makes a second lookup of a path safe.
func (w *window) comparesFiles() bool { return w.callsA(fsapi.TestsSame) }

// movedAfter reports whether what is written is renamed afterwards.
func (w *window) movedAfter() bool {
	for _, other := range w.group {
		if other.Effect == fsapi.Move {
			return true
		}
	}
	return false
}

// partner returns the operation of the effect that the call of op performs on
// another path, or nil: the other name of a rename.
func (w *window) partner(op *pathops.Op, e fsapi.Effect) *pathops.Op {
	for _, other := range w.f.At(op.Call) {
		if other != op && other.Effect == e && other.Row == op.Row {
			return other
		}
	}
	return nil
}

// restores reports whether use renames back what away has moved.
//
//	os.Rename(path, backup) // away
//	if err := write(path); err != nil {
//		os.Rename(backup, path) // use
//	}
func (w *window) restores(away, use *pathops.Op) bool {
	to := w.partner(away, fsapi.Replace)
	return away.Effect == fsapi.Move && to != nil && w.partner(use, fsapi.Move) != nil && w.partner(use, fsapi.Move).Path == to.Path
}

// handedOn reports whether the error of an operation is passed to a function that is
// not in the table.
func (w *window) handedOn(op *pathops.Op) bool {
	call, ok := op.Call.(*ssa.Call)
	if !ok {
		return false
	}
	results := []ssa.Value{call}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			results = append(results, x)
		}
	}
	for _, v := range results {
		if !fate.IsError(v.Type()) {
			continue
		}
		for _, ref := range *v.Referrers() {
			if c, ok := ref.(*ssa.Call); ok && w.ops.Row(c) == nil && slices.Contains(c.Call.Args, v) {
				return true // and not only for its text
			}
		}
	}
	return false
}

// readsItself reports whether a wrapper that uses the path reads it as well: what
// it looks for there, or writes, goes with its own reading.
func (w *window) readsItself(use *pathops.Op) bool {
	for _, op := range w.f.At(use.Call) {
		if op != use && op.Path == use.Path && op.Effect == fsapi.Open {
			return true
		}
	}
	return false
}

// endsFrom is how the function ends from an edge on, with the path in state s.
func (w *window) endsFrom(to, from *ssa.BasicBlock, s fate.State) fate.Ends {
	walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
	return walk.FromBlock(to, from, s)
}

// perCall leaves one finding for each call: a helper that reads and writes a
// file is one that writes it.
func perCall(found []*Finding) []*Finding {
	at := make(map[ssa.CallInstruction]int)
	list := found[:0]
	for _, f := range found {
		i, ok := at[f.Use.Call]
		switch {
		case !ok:
			at[f.Use.Call] = len(list)
			list = append(list, f)
		case f.Level() > list[i].Level(), f.Level() == list[i].Level() && writesTo(f.Use) && !writesTo(list[i].Use):
			list[i] = f
		}
	}
	return list
}

// passesPath reports whether an argument of the call is in the path of op, so that
// the caller chooses the path, or a part of it.
func (w *window) passesPath(op *pathops.Op) bool {
	return slices.ContainsFunc(fspath.Operands(op.Call.Common()), func(arg ssa.Value) bool { return w.inPath(arg, op) })
}

// passesName reports whether the caller chooses the path of op by a string, and not
// only by a value with a field that the callee reads.
//
//	disk.Save(s.path, text)
//
// Not
//
//	disk.Open(config) // func Open(c conf.Config) error writes c.KeyPath
func (w *window) passesName(op *pathops.Op) bool {
	return slices.ContainsFunc(fspath.Operands(op.Call.Common()), func(arg ssa.Value) bool {
		basic, ok := arg.Type().Underlying().(*types.Basic)
		return ok && basic.Info()&types.IsString != 0 && w.inPath(arg, op)
	})
}

// inPath reports whether a value is, or is part of, the path of op.
func (w *window) inPath(v ssa.Value, op *pathops.Op) bool {
	number := w.ops.Numbers.Of(v)
	return !op.Path.Walk(func(part *fspath.Value) bool { return part != number })
}

// overwrites reports whether an operation truncates a file that is there, by its
// path or through an open handle.
func overwrites(op *pathops.Op) bool {
	return op.Effect == fsapi.Create && !op.Handle || empties(op)
}

// empties reports whether an operation truncates an open file to nothing. The size is
// seen where the function of the table is called.
//
//	f.Truncate(0)
//	f.Truncate(size) // no
func empties(op *pathops.Op) bool {
	if !op.Handle || op.Effect != fsapi.Write || !op.Row.Has(fsapi.Truncates) || !op.Direct() {
		return false
	}
	args := op.Call.Common().Args
	size, ok := args[len(args)-1].(*ssa.Const)
	return ok && size.Value != nil && size.Int64() == 0
}
