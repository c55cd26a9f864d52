package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// PathReuse is a lookup by path of a file that is open.
const PathReuse Kind = "pathreuse"

// looksUpAgain are the operations by path that a handle would do as well.
var looksUpAgain = effect(fsapi.Check, fsapi.SetMode, fsapi.SetOwner, fsapi.SetTimes, fsapi.Write)

// The reasons of pathReuse.
var (
	besideOpenFile  = Reason{"beside-open-file", "the file is open, but the path may name a different file by then", Report, low}
	besideTemporary = Reason{"beside-temporary", "the file is a temporary file of this program", Strict, low}
	besideGivenFile = Reason{"beside-given-file", "the file, which another function opened, may be a temporary file of this program", Strict, low}
	besideFileTimes = Reason{"beside-file-times", "os.File has no method that sets the times of the open file", Strict, low}
	besideInterface = Reason{"beside-file-by-interface", "the interface may not have this method for open files", Strict, low}
	afterReading    = Reason{"after-reading", "the file was read earlier: the metadata may belong to a different file", Strict, low}
	afterListing    = Reason{"after-listing", "the directory was listed earlier: the metadata may belong to a different directory", Strict, low}
	afterWriting    = Reason{"after-writing", "the file was written earlier: the metadata, which the program keeps, may include a later write by another process", Strict, low}
	nameChecked     = Reason{"name-checked", "an open file cannot report whether its name still exists", Silent, none}
	besideCompared  = Reason{"beside-compared", "the metadata is compared with that of the open file", Silent, none}
)

// pathReuse finds paths that are looked up again while a file opened by them
// is at hand.
//
//	f, err := os.Open(path)
//	info, err := os.Stat(path) // may be of another file; f.Stat() is of this one
func pathReuse(w *window) []*Finding {
	var found []*Finding
	files := w.openFiles()
	for _, use := range w.group {
		if use.Deferred || use.Handle || !looksUpAgain(use) || use.Row.Gives == fsapi.Handle {
			continue
		}
		for _, file := range files {
			if f := w.reused(file, use); f != nil {
				found = append(found, f)
			}
		}
		if f := w.reusedClosed(use); f != nil {
			found = append(found, f)
		}
		if f := w.reusedByName(use); f != nil {
			found = append(found, f)
		}
		if f := w.reusedBesideField(use); f != nil {
			found = append(found, f)
		}
	}
	found = append(found, w.checkedLate()...)
	return append(found, w.twoReads()...)
}

// openFile is a file that the function has opened, and the operation since
// which the path is its name: the open itself, or a rename of the open file.
type openFile struct {
	open, since *pathops.Op
}

// openFiles lists the files that the function opens and that have the path for
// a name.
func (w *window) openFiles() []openFile {
	var files []openFile
	opened := slices.Clone(w.openers[w.path])
	for _, rename := range w.group {
		if from := w.partner(rename, fsapi.Move); rename.Effect == fsapi.Replace && from != nil {
			opened = append(opened, w.openers[from.Path]...)
		}
	}
	for _, op := range inOrder(opened, func(numbered) bool { return true }) {
		if op.Path == w.path || op.Opens && w.ops.Numbers.Outside(op.Path) == w.path {
			files = append(files, openFile{op, op})
		}
		for _, rename := range w.group {
			if rename.Effect != fsapi.Replace || !op.Opens {
				continue
			}
			if from := w.partner(rename, fsapi.Move); from != nil && from.Path == op.Path && w.stillOpen(op, op, rename) {
				files = append(files, openFile{op, rename})
			}
		}
	}
	return files
}

// reused judges a use of the path of a file that may be open, or returns nil.
//
//	f, err := os.Open(path)    // open, and since
//	info, err := os.Stat(path) // use: beside-open-file
//
//	data, err := os.ReadFile(path) // open: it is closed again
//	info, err := os.Stat(path)     // use: after-reading, if info is used
func (w *window) reused(file openFile, use *pathops.Op) *Finding {
	open := file.open
	if _, isCall := file.since.Call.(*ssa.Call); !isCall || file.since.Call == use.Call {
		return nil
	}
	if !w.reachesAfterSuccess(file.since, use, fate.File) && !w.reachesAfterSuccess(file.since, use, fate.Absent) {
		return nil
	}
	f := &Finding{Kind: PathReuse, Use: use, Check: open, Reason: afterReading}
	if open.Opens && w.stillOpen(open, file.since, use) {
		f.Reason = w.besideHandle(use)
		return f
	}
	if use.Effect != fsapi.Check || open.Effect != fsapi.Open || open.Path != w.path || !infoUsed(use) || w.special() || w.movedBetween(open, use) || w.readsItself(use) {
		return nil
	}
	f.Aspect = Closed
	return f
}

// reusedClosed judges a question about what was listed or written before, and
// is not open.
//
//	entries, err := os.ReadDir(dir)
//	info, err := os.Stat(dir) // after-listing, if info is used
//
//	err := os.WriteFile(path, data, 0o600)
//	info, err := os.Stat(path)
//	s.modified = info.ModTime() // after-writing: it is kept
func (w *window) reusedClosed(use *pathops.Op) *Finding {
	if use.Effect != fsapi.Check || w.special() || w.readsItself(use) {
		return nil
	}
	used, kept := infoUsed(use), kept(use)
	for _, op := range w.group {
		listed := used && op.Effect == fsapi.List
		written := kept && effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace)(op)
		if _, isCall := op.Call.(*ssa.Call); !isCall || op.Handle || op.Call == use.Call || !listed && !written {
			continue
		}
		if !w.mayPair() {
			return nil
		}
		if !w.reachesInAnyState(op, use) {
			continue
		}
		f := &Finding{Kind: PathReuse, Use: use, Check: op, Aspect: Closed}
		switch {
		case listed:
			f.Reason = afterListing
			return f
		case !op.Opens || !w.stillOpen(op, op, use):
			f.Reason = afterWriting
			return f
		}
	}
	return nil
}

// reachesInAnyState reports whether use runs after first has succeeded.
func (w *window) reachesInAnyState(first, use *pathops.Op) bool {
	for _, s := range []fate.State{fate.File, fate.Absent, fate.Dir} {
		if w.reachesAfterSuccess(first, use, s) {
			return true
		}
	}
	return false
}

// kept reports whether the metadata that a check returns, or its modification time,
// outlives the function, to be compared with later metadata.
func kept(check *pathops.Op) bool {
	info := infoOf(check)
	if info == nil {
		return false
	}
	values := []ssa.Value{info}
	for _, ref := range *info.Referrers() {
		if call, ok := ref.(*ssa.Call); ok && age(call) == Age {
			values = append(values, call)
		}
	}
	for _, v := range values {
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Val == v && outlives(store.Addr) {
				return true
			}
		}
	}
	return false
}

// outlives reports whether the variable at an address is there when the
// function has returned: a package-level one, or a field of what others know.
func outlives(addr ssa.Value) bool {
	switch a := addr.(type) {
	case *ssa.Global:
		return true
	case *ssa.FieldAddr:
		local, ok := a.X.(*ssa.Alloc)
		return !ok || local.Heap
	}
	return false
}

// besideHandle judges a use of the path of an open file.
func (w *window) besideHandle(use *pathops.Op) Reason {
	switch {
	case w.fresh():
		return besideTemporary
	case w.special():
		return unshared
	case use.Effect == fsapi.Check && !infoUsed(use):
		return nameChecked
	case use.Effect == fsapi.SetTimes:
		return besideFileTimes
	case use.Row.IsShape():
		return besideInterface
	case use.Effect == fsapi.Check && w.comparedWith(use):
		return besideCompared
	}
	return besideOpenFile
}

// comparedWith reports whether a check by the path of an open file returns what the
// file itself cannot: whether both are one, or the path is a link.
//
//	f, err := os.Open(path)
//	fi, err := f.Stat()
//	now, err := os.Stat(path)
//	if !os.SameFile(fi, now) { … } // the path names another file by then
//
// The size of the file is known from f.Stat:
//
//	now, err := os.Stat(path)
//	data := make([]byte, now.Size())
func (w *window) comparedWith(check *pathops.Op) bool {
	return w.comparesFiles() || check.Row.Has(fsapi.NoFollow) && !measures(check)
}

// measures reports whether a check looks for the size of a file, or for the time of
// its last change, which the open file has as well:
//
//	f, err := os.Open(path)
//	fi, err := os.Lstat(path)
//	w.Header().Set("Content-Length", strconv.FormatInt(fi.Size(), 10))
//
// What the name is, a link for one, only the path can answer:
//
//	if fi, err := os.Lstat(path); err == nil && fi.Mode()&fs.ModeSymlink != 0 {
func measures(check *pathops.Op) bool {
	if check.Via != nil {
		for v := range check.Via.Signature().Results().Variables() {
			if isMeasure(v.Type()) {
				return true
			}
		}
		return false
	}
	info := infoOf(check)
	if info == nil {
		return false
	}
	for _, ref := range *info.Referrers() {
		if call, ok := ref.(*ssa.Call); ok && (property(call) == Size || age(call) == Age) {
			return true
		}
	}
	return false
}

// isMeasure reports whether a type is that of a size or of a time.
func isMeasure(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0 || t.String() == "time.Time"
}

// reusedByName judges a use of f.Name() where another function has opened f.
func (w *window) reusedByName(use *pathops.Op) *Finding {
	handle := w.path.NamedBy()
	if handle == nil || w.closedBefore(handle, use) {
		return nil
	}
	f := &Finding{Kind: PathReuse, Use: use}
	f.Reason = w.besideHandle(use)
	if f.Reason == besideOpenFile {
		f.Reason = besideGivenFile
	}
	return f
}

// closedBefore reports whether a file may be closed when use runs.
//
//	f.Close()
//	os.Chmod(f.Name(), 0o600) // use: no file is open, so a path is needed
func (w *window) closedBefore(handle *fspath.Value, use *pathops.Op) bool {
	for _, b := range w.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !w.ops.Row(call).Has(fsapi.Closes) || w.ops.Numbers.Of(fspath.Arguments(call.Common())[0]) != handle {
				continue
			}
			if call.Block() == use.Call.Block() && call.Pos() < use.Call.Pos() || call.Block() != use.Call.Block() && leadsTo(call.Block(), use.Call, nil) {
				return true
			}
		}
	}
	return false
}

// reusedBesideField judges a use of a path in a field where another field of
// the object has the file that was opened by it, and the function goes on to
// use that file.
//
//	func (l *log) rotate() {
//		info, err := os.Stat(l.path) // use: l.file was opened by l.path
//		l.file.Write(header)
//	}
//
// If nothing is done to l.file afterwards, or it is only closed, the path is what is
// meant.
func (w *window) reusedBesideField(use *pathops.Op) *Finding {
	if w.path.Kind != fspath.Field {
		return nil
	}
	base := w.path.Args[0]
	for _, held := range w.ev.held[w.path.Owner+"."+w.path.Name] {
		file := w.ops.Numbers.FieldAt(base, held.field, w.path.Owner, use.Call)
		for call := range w.walkFrom(use, fate.File, w.ops.Knowledge(w.path)) {
			row, args := w.ops.Row(call), fspath.Arguments(call.Common())
			if _, isCall := call.(*ssa.Call); !isCall || row.Has(fsapi.Closes) || len(args) == 0 || w.ops.Numbers.Of(args[0]) != file {
				continue
			}
			f := &Finding{Kind: PathReuse, Use: use, Check: held.open}
			f.Reason = w.besideHandle(use)
			return f
		}
	}
	return nil
}

// movedBetween reports whether the path is renamed away between two operations,
// so that the name is another file's.
func (w *window) movedBetween(first, use *pathops.Op) bool {
	for _, op := range w.group {
		if op.Effect == fsapi.Move && w.reaches(first, op, fate.File) && w.reaches(op, use, fate.File) {
			return true
		}
	}
	return false
}

// infoUsed reports whether the metadata that a check returns is used.
func infoUsed(check *pathops.Op) bool {
	if _, isCall := check.Call.(*ssa.Call); !isCall || check.Row.Gives != fsapi.Info {
		return false
	}
	if check.Via != nil {
		return answersUsed(check) || yieldsMetadata(check.Via)
	}
	info := infoOf(check)
	return info != nil && len(*info.Referrers()) > 0
}

// answersUsed reports whether the metadata that a helper returns is used.
func answersUsed(check *pathops.Op) bool {
	for _, what := range []fsapi.Result{fsapi.Info, fsapi.Size, fsapi.ModTime, fsapi.Mode, fsapi.Sys} {
		if v := check.Answer(what); v != nil && len(*v.Referrers()) > 0 {
			return true
		}
	}
	return false
}

// yieldsMetadata reports whether a wrapper of a check can return what the check found:
// metadata, or one number or time of it. A different result is more likely to come
// from other work of the wrapper.
func yieldsMetadata(via *types.Func) bool {
	for v := range via.Signature().Results().Variables() {
		if isMeasure(v.Type()) {
			return true
		}
		if t, ok := v.Type().Underlying().(*types.Interface); ok {
			if m, _, _ := types.LookupFieldOrMethod(t, false, nil, "ModTime"); m != nil {
				return true
			}
		}
	}
	return false
}

// stillOpen reports whether use can run after since, before the file that open
// has opened is closed, or its name becomes another file's.
func (w *window) stillOpen(open, since, use *pathops.Op) bool {
	reached := false
	for _, s := range []fate.State{fate.File, fate.Absent} {
		walk := fate.Walk{Know: w.ops.Knowledge(w.path)}
		walk.Visit = w.along(since, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			if !ok {
				return true
			}
			reached = reached || ssa.CallInstruction(call) == use.Call
			return !reached && !w.closes(call, open) && !w.moves(call)
		}, nil)
		walk.FromCall(since.Call, s)
	}
	return reached
}

// moves reports whether a call renames the path away.
func (w *window) moves(call *ssa.Call) bool {
	for _, op := range w.f.At(call) {
		if op.Effect == fsapi.Move && op.Path == w.path {
			return true
		}
	}
	return false
}

// closes reports whether a call closes the file that open has opened.
func (w *window) closes(call *ssa.Call, open *pathops.Op) bool {
	row := w.ops.Row(call)
	if !row.Has(fsapi.Closes) && !row.Has(fsapi.ClosesDescriptor) && !closesInterface(call) {
		return false
	}
	args := fspath.Arguments(call.Common())
	return len(args) > 0 && w.ops.Numbers.Opened(w.ops.Numbers.Of(args[0])) == open.Path
}

// closesInterface reports whether a call closes what is behind an interface,
// such as io.WriteCloser.
func closesInterface(call *ssa.Call) bool {
	common := call.Common()
	return common.IsInvoke() && common.Method.Name() == "Close" && common.Signature().Params().Len() == 0
}
