package race

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// lockFiles describes the files that a package locks.
type lockFiles struct {
	fields   map[string]bool // by type and field, those that hold a file that is locked
	rechecks bool            // who locks a file looks whether it still has its name
}

func newLockFiles(ops *pathops.Result) *lockFiles {
	l := &lockFiles{fields: make(map[string]bool)}
	for _, f := range ops.Funcs {
		locks := lockCalls(ops, f.Fn)
		if len(locks) == 0 {
			continue
		}
		l.rechecks = l.rechecks || rechecks(f.Fn)
		for _, call := range locks {
			for _, file := range lockedBy(ops, call) {
				l.note(ops, f.Fn, ops.Numbers.Of(file))
			}
		}
	}
	return l
}

// note records the fields that a locked file is read from or stored to.
//
//	syscall.Flock(int(l.f.Fd()), syscall.LOCK_EX)
//
//	l.f, err = take(path) // take locks what it has opened
func (l *lockFiles) note(ops *pathops.Result, fn *ssa.Function, file *fspath.Value) {
	if file.Kind == fspath.Field {
		l.fields[file.Owner+"."+file.Name] = true
	}
	for _, s := range ops.Numbers.StoredFields(fn) {
		if ops.Numbers.Of(s.Value) == file {
			l.fields[s.Owner+"."+s.Name] = true
		}
	}
}

// lockCalls lists the calls of a function that take a lock which other processes
// honor.
func lockCalls(ops *pathops.Result, fn *ssa.Function) []*ssa.Call {
	var list []*ssa.Call
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && ops.LocksFile(call) {
				list = append(list, call)
			}
		}
	}
	return list
}

// lockedBy lists the files that a call locks, as far as its arguments and its
// result show.
//
//	syscall.Flock(int(f.Fd()), syscall.LOCK_EX) // f
//	flockFile(f)                                // f
//	f, err := take(path)                        // f
func lockedBy(ops *pathops.Result, call *ssa.Call) []ssa.Value {
	var files []ssa.Value
	for _, arg := range fspath.Arguments(call.Common()) {
		arg = bare(arg)
		if fd, ok := arg.(*ssa.Call); ok && fspath.Known(fd).Has(fsapi.Descriptor) {
			arg = fspath.Arguments(fd.Common())[0]
		}
		if isHandle(arg.Type()) {
			files = append(files, arg)
		}
	}
	if v := firstResult(call); v != nil && ops.Numbers.Opened(ops.Numbers.Of(v)) != nil {
		files = append(files, v)
	}
	return files
}

// rechecks reports whether a function that has locked a file compares it with
// the file that has the name by then, or checks whether the file still has a name.
//
//	if !os.SameFile(mine, named) {
//		goto again
//	}
func rechecks(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				if fspath.Known(instr).Has(fsapi.TestsSame) {
					return true
				}
			case *ssa.FieldAddr:
				if field := structField(instr); isStatType(instr.X.Type().String()) && (field.Name() == "Ino" || field.Name() == "Nlink") {
					return true
				}
			}
		}
	}
	return false
}

// isStatType reports whether a type is a pointer to what fstat(2) fills.
func isStatType(t string) bool {
	return t == "*syscall.Stat_t" || t == "*golang.org/x/sys/unix.Stat_t"
}

// lock returns the operation that opens the file of the path, which the function
// or its package locks; nil if none does, or if the path may not be that file's.
//
//	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
//	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
//
// The twin claims the name, and locks for those that hold it open already:
//
//	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
func (w *window) lock() *pathops.Op {
	for _, op := range w.group {
		if op.Effect == fsapi.Lock {
			return op
		}
	}
	for _, call := range w.locks {
		for _, file := range lockedBy(w.ops, call) {
			if w.ops.Numbers.Opened(w.ops.Numbers.Of(file)) != w.path {
				continue
			}
			for _, op := range w.group {
				if op.Opens && op.Effect != fsapi.CreateExclusive {
					return op
				}
			}
		}
	}
	return w.ev.lockOf(w.path)
}

// lockOf returns the operation that opens a file in a field, which the package
// locks, by the path; or nil.
//
//	os.Remove(l.path)     // where l.f was opened by l.path
//	os.Remove(l.f.Name())
func (ev *evidence) lockOf(path *fspath.Value) *pathops.Op {
	if path.Kind != fspath.Field {
		return nil
	}
	for _, h := range ev.held[path.Owner+"."+path.Name] {
		if ev.locks.fields[path.Owner+"."+h.field] && h.open.Effect != fsapi.CreateExclusive {
			return h.open
		}
	}
	return nil
}

// lockBelow returns the operation that names a lock in the directory of the
// window, or nil.
//
//	lock := flock.New(filepath.Join(dir, "lock"))
func (w *window) lockBelow() *pathops.Op {
	dir := w.path.Joined()
	if dir == nil {
		dir = []*fspath.Value{w.path}
	}
	for _, op := range w.f.Ops {
		if below := op.Path.Joined(); op.Effect == fsapi.Lock && len(below) > len(dir) && slices.Equal(below[:len(dir)], dir) {
			return op
		}
	}
	return nil
}
