package race

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// WalkRace is a use of an entry that was found in a directory.
const WalkRace Kind = "walkrace"

// entry is an entry of a directory that a function receives from a walk, or has listed.
type entry struct {
	found    *pathops.Op // the walk, or the listing
	metadata ssa.Value   // what was found of it: an fs.DirEntry or fs.FileInfo
	walked   bool        // directories above it were walked through, too
}

// The reasons of walkRace.
var (
	// filepath.Walk(dir, func(path string, …) error { return os.Chown(path, uid, gid) })
	changesGivenAway = Reason{"changes-entry-given-away", "the entry may be a symbolic link created by the user who receives the tree", Report, high}
	// if info.ModTime().Before(old) { return os.Remove(path) }
	failsOverOldEntry = Reason{"fails-over-old-entry", "other processes remove old entries as well, and one that is gone fails the whole run", Report, low}
	// for _, path := range paths { if err := os.Remove(path); err != nil { return err } }
	failsOverEntry = Reason{"fails-over-vanished-entry", "an entry that another process removed fails the whole run", Strict, low}

	changesSwapped   = Reason{"changes-swapped-entry", "the entry, or a directory above it, may be a symbolic link by then", Strict, low}
	removesSwapped   = Reason{"removes-below-link", "a directory above the entry may be a symbolic link by then", Strict, low}
	opensFiltered    = Reason{"opens-filtered-entry", "the type or size of the entry decided whether it is opened", Strict, low}
	writesBackEntry  = Reason{"writes-back-entry", "what is read from the entry is written back", Strict, low}
	ownTree          = Reason{"own-tree", "the tree is a temporary directory of this program", Silent, none}
	userTree         = Reason{"user-tree", "other users cannot create links in the user's own directory", Silent, none}
	entryCompared    = Reason{"entry-compared", "the opened file is compared with the entry", Silent, none}
	entryOnlyOpened  = Reason{"entry-only-opened", "it is opened only to test whether that is possible, and is not read", Silent, none}
	entryLinkRemoved = Reason{"entry-link-removed", "it does not follow a link in the last element, and the program named the directory itself", Silent, none}
	entryOnlyRead    = Reason{"entry-only-read", "it is only read", Silent, none}
)

// walkRace finds where an entry found by walking a tree, or listing a
// directory, is changed or opened by its path.
//
//	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
//		return os.Chmod(path, 0o644) // follows a link that has replaced the entry
//	})
//
//	os.Chmod(filepath.Join(other, entry.Name()), 0o644) // in another tree
func walkRace(w *window) []*Finding {
	if w.special() {
		return nil
	}
	var e *entry
	var found []*Finding
	for _, use := range w.group {
		if use.Handle || use.Deferred || keptBelow(use) || !touchesEntry(use) {
			continue
		}
		if e == nil {
			if e = w.entry(); e == nil {
				return nil
			}
		}
		f := &Finding{Kind: WalkRace, Use: use, Check: e.found}
		f.Reason = w.swapped(e, use)
		found = append(found, f)
		if f := w.vanishes(e, use); f != nil {
			found = append(found, f)
		}
	}
	return perCall(found)
}

// touchesEntry reports whether an operation is one that is done to entries:
// it changes what the entry leads to, or opens it.
//
//	os.Chmod(path, 0o644), os.Remove(path), os.Open(path)
//	os.Lstat(path) // only looks
func touchesEntry(op *pathops.Op) bool {
	return op.Effect == fsapi.Open || op.Effect == fsapi.Remove || op.Effect == fsapi.RemoveAll || changesEntry(op)
}

// swapped judges a use of an entry that may be a different object by then.
func (w *window) swapped(e *entry, use *pathops.Op) Reason {
	origins := w.ops.Numbers.Origins(e.found.Path)
	switch {
	case origins.Fresh():
		return ownTree
	case origins.Has(fsapi.UserDir), origins.Has(fsapi.WorkDir):
		return userTree
	case use.Row.Gives == fsapi.Handle && use.NoFollow, w.comparesFiles():
		return entryCompared
	case w.onlyClosed(use):
		return entryOnlyOpened
	case use.Effect == fsapi.Remove, use.Effect == fsapi.RemoveAll, changesEntry(use) && use.NoFollow:
		if !e.walked {
			return entryLinkRemoved
		}
		return removesSwapped
	case e.walked && changesEntry(use) && w.givenAway():
		return changesGivenAway
	case changesEntry(use):
		return changesSwapped
	case w.filtered(e, use):
		return opensFiltered
	case e.walked && w.changed():
		return writesBackEntry
	}
	return entryOnlyRead
}

// givenAway reports whether the function gives the entry to another user, so that
// the tree is not, or not for long, the program's own.
func (w *window) givenAway() bool {
	for _, op := range w.group {
		if op.Effect == fsapi.SetOwner {
			return true
		}
	}
	return false
}

// vanishes returns the finding for a removal that fails, and the whole run with it, if
// another process has removed the entry since it was found; nil if there is none:
//
//	for _, name := range names {
//		if err := os.Remove(name); err != nil { // nope: && !errors.Is(err, fs.ErrNotExist)
//			return err
//		}
//	}
//
// Unlike another act, this one fails although what it is for is reached.
func (w *window) vanishes(e *entry, use *pathops.Op) *Finding {
	call, ok := use.Call.(*ssa.Call)
	if !ok || use.Effect != fsapi.Remove || w.inOwnTree(e) || w.tolerated(call) {
		return nil
	}
	if !w.after(use, fate.Absent).AllFail() || w.after(use, fate.File).AllFail() {
		return nil
	}
	f := &Finding{Kind: WalkRace, Use: use, Check: e.found, Aspect: Vanished, Reason: failsOverEntry}
	if w.decidesBy(e, use, fsapi.ModTime) {
		f.Reason = failsOverOldEntry
	}
	return f
}

// vanishedInfos finds questions about entries that fail the whole run if the entry has
// been removed since it was listed: Info looks at the disk, unlike Name and IsDir.
//
//	for _, e := range entries {
//		info, err := e.Info()
//		if err != nil {
//			return err
//		}
//		total += info.Size()
//	}
//
// The twin goes on:
//
//	if err != nil {
//		continue
//	}
func vanishedInfos(ops *pathops.Result, f *pathops.Func) (found []*Finding) {
	for _, b := range f.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !ops.Row(call).Has(fsapi.ReadsEntry) {
				continue
			}
			list := listedBy(ops, f, fspath.Arguments(call.Common())[0])
			if list == nil {
				continue
			}
			w := &window{scene: &scene{ops: ops, f: f}, path: list.Path}
			if e := (&entry{found: list}); w.inOwnTree(e) || w.tolerated(call) || !fatal(ops, call) {
				continue
			}
			use := anyCall(call)
			use.Path = list.Path
			found = append(found, &Finding{Kind: WalkRace, Use: use, Check: list, Aspect: Vanished, Reason: failsOverEntry})
		}
	}
	return found
}

// fatal reports whether the function fails if a call does, because something is not
// there, and not if the call succeeds.
func fatal(ops *pathops.Result, call *ssa.Call) bool {
	ends := func(err fate.Abs) fate.Ends {
		walk := fate.Walk{Know: &answering{ops.Knowledge(nil), call, err}}
		return walk.FromCall(call, fate.File)
	}
	return ends(fate.ErrNotExist).AllFail() && !ends(fate.Nil).AllFail()
}

// listedBy returns the operation that an entry comes from: the listing that it is an
// element of, or the walk that passes it to the function; nil if it is not known.
func listedBy(ops *pathops.Result, f *pathops.Func, entry ssa.Value) *pathops.Op {
	v := ops.Numbers.Of(entry)
	if v.Kind == fspath.Index {
		w := &window{scene: &scene{ops: ops, f: f}}
		return w.listing(v)
	}
	if _, metadata := callback(f.Fn); metadata != nil && v.Src == ssa.Value(metadata) {
		return walkOf(ops, f.Fn)
	}
	return nil
}

// walkOf returns the walk that calls a function back, or nil.
func walkOf(ops *pathops.Result, fn *ssa.Function) *pathops.Op {
	for _, f := range ops.Funcs {
		for _, op := range f.Ops {
			if op.Effect == fsapi.Walk && calls(op.Call.Common(), fn) {
				return op
			}
		}
	}
	return nil
}

// inOwnTree reports whether only the user is likely to change the tree of an entry.
func (w *window) inOwnTree(e *entry) bool {
	origins := w.ops.Numbers.Origins(e.found.Path)
	return origins.Fresh() || origins.Has(fsapi.UserDir) || origins.Has(fsapi.WorkDir)
}

// decidesBy reports whether a branch on a property of the entry's metadata keeps
// the function from use.
func (w *window) decidesBy(e *entry, use *pathops.Op, property fsapi.Result) bool {
	if e.metadata == nil {
		return false
	}
	about := w.ops.Numbers.Of(e.metadata)
	for _, b := range w.f.Fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if ok && w.computedFrom(branch.Cond, about, property, 0) && leadsTo(b.Succs[0], use.Call, b) != leadsTo(b.Succs[1], use.Call, b) {
			return true
		}
	}
	return false
}

// computedFrom reports whether a value is computed from a property of the metadata
// that about is.
func (w *window) computedFrom(v ssa.Value, about *fspath.Value, property fsapi.Result, depth int) bool {
	const maxSteps = 10
	if depth > maxSteps {
		return false
	}
	switch v := v.(type) {
	case *ssa.UnOp:
		return w.computedFrom(v.X, about, property, depth+1)
	case *ssa.BinOp:
		return w.computedFrom(v.X, about, property, depth+1) || w.computedFrom(v.Y, about, property, depth+1)
	case *ssa.Call:
		args := fspath.Arguments(v.Common())
		if row := w.ops.Row(v); row != nil && row.Gives == property && len(args) > 0 {
			return w.metadataIs(args[0], about)
		}
		for _, arg := range args {
			if w.computedFrom(arg, about, property, depth+1) {
				return true
			}
		}
	}
	return false
}

// metadataIs reports whether a value is the metadata of an entry, or a result of its Info
// method.
func (w *window) metadataIs(v ssa.Value, about *fspath.Value) bool {
	if w.ops.Numbers.Of(v) == about {
		return true
	}
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	row := w.ops.Row(call)
	return row != nil && row.Gives == fsapi.Info && w.ops.Numbers.Of(fspath.Arguments(call.Common())[0]) == about
}

// tolerated reports whether the function goes on with the next round of a loop if a
// call fails.
func (w *window) tolerated(call *ssa.Call) bool {
	results := resultsOf(call)
	err := results[len(results)-1]
	if err == nil || !fate.IsError(err.Type()) {
		return true
	}
	for _, ref := range *err.Referrers() {
		cmp, ok := ref.(*ssa.BinOp)
		if !ok {
			continue
		}
		for _, use := range *cmp.Referrers() {
			if branch, ok := use.(*ssa.If); ok {
				failed := branch.Block().Succs[0]
				if cmp.Op == token.EQL {
					failed = branch.Block().Succs[1]
				}
				if leadsTo(failed, call, branch.Block()) {
					return true
				}
			}
		}
	}
	return false
}

// onlyClosed reports whether nothing is done to the file that an operation opens
// but to close it.
//
//	f, err := os.Open(path)
//	if err == nil {
//		f.Close() // it can be read, and is not
//	}
func (w *window) onlyClosed(open *pathops.Op) bool {
	call, ok := open.Call.(*ssa.Call)
	if !ok || !open.Direct() || open.Effect != fsapi.Open || open.Row.Gives != fsapi.Handle {
		return false
	}
	file := firstResult(call)
	if file == nil {
		return true
	}
	for _, ref := range *file.Referrers() {
		if closing, ok := ref.(ssa.CallInstruction); !ok || !w.ops.Row(closing).Has(fsapi.Closes) {
			return false
		}
	}
	return true
}

// changed reports whether the function changes the object of the path.
func (w *window) changed() bool {
	for _, op := range w.group {
		if changesEntry(op) && !op.Handle {
			return true
		}
	}
	return false
}

// entry returns the entry that the window's path is the path of, or nil: what a
// walk hands to the function, or the listed directory and the entry's name. A
// path that has only its last elements from there is one in another tree.
func (w *window) entry() *entry {
	if e := w.walkedTo(w.path); e != nil {
		return e
	}
	if e := w.matched(); e != nil {
		return e
	}
	parts := w.path.Joined()
	for i, part := range parts {
		if e := w.walkedTo(part); e != nil && (i == 0 || e.found.Row.Has(fsapi.AtDir)) {
			return e
		}
		if e := w.listed(part); e != nil && i > 0 && w.joins(parts[:i], e.found.Path) {
			return e
		}
	}
	if dir := w.path.Appended(); dir != nil {
		for _, part := range w.path.Args {
			if e := w.listed(part); e != nil && dir == e.found.Path {
				return e
			}
		}
	}
	return nil
}

// joins reports whether elements, joined, are the path dir.
func (w *window) joins(elements []*fspath.Value, dir *fspath.Value) bool {
	if len(elements) == 1 && elements[0] == dir {
		return true
	}
	return slices.Equal(elements, dir.Joined())
}

// walkedTo returns the entry whose path a parameter is, if the function is
// called back by a walk.
func (w *window) walkedTo(param *fspath.Value) *entry {
	path, metadata := callback(w.f.Fn)
	if path == nil || param.Kind != fspath.Param || param.Src != ssa.Value(path) {
		return nil
	}
	if walk := walkOf(w.ops, w.f.Fn); walk != nil {
		return &entry{found: walk, metadata: metadata, walked: true}
	}
	return nil
}

// callback returns the parameters of a function that a walk can call: the path
// and the metadata of an entry; nil if it cannot.
func callback(fn *ssa.Function) (path, metadata *ssa.Parameter) {
	params := fn.Params
	if fn.Signature.Recv() != nil && len(params) > 0 {
		params = params[1:]
	}
	if len(params) < 2 || !isString(params[0].Type()) {
		return nil, nil
	}
	if m, _, _ := types.LookupFieldOrMethod(params[1].Type(), false, nil, "IsDir"); m == nil {
		return nil, nil
	}
	return params[0], params[1]
}

// matched returns the entry that the window's path is one of the paths of, if
// the function has looked for those that match a pattern.
func (w *window) matched() *entry {
	if w.path.Kind != fspath.Index {
		return nil
	}
	list := w.listing(w.path)
	if list == nil || list.Via == nil && list.Row.Gives != fsapi.EntryPaths {
		return nil
	}
	return &entry{found: list} // a function of the program that returns strings which are used as paths
}

// listing returns the operation that has listed a directory and returned the slice that a
// value is an element of, or nil.
func (w *window) listing(element *fspath.Value) *pathops.Op {
	src := element.Args[0].Src
	for {
		part, ok := src.(*ssa.Slice)
		if !ok {
			break
		}
		src = part.X // the oldest ones
	}
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	for _, op := range w.f.Ops {
		if c, ok := op.Call.(*ssa.Call); ok && op.Effect == fsapi.List && ssa.Value(c) == src {
			return op
		}
	}
	return nil
}

// listed returns the entry whose name a value is, if the function has listed
// a directory.
func (w *window) listed(name *fspath.Value) *entry {
	of, metadata := name, ssa.Value(nil)
	if call, ok := name.Src.(*ssa.Call); ok && name.Kind == fspath.Unique {
		if fspath.Known(call) == nil || fspath.Known(call).Gives != fsapi.EntryName {
			return nil
		}
		metadata = fspath.Arguments(call.Common())[0]
		of = w.ops.Numbers.Of(metadata)
	}
	if of.Kind != fspath.Index {
		return nil
	}
	if list := w.listing(of); list != nil && (metadata != nil || list.Row.Gives == fsapi.EntryNames) {
		return &entry{found: list, metadata: metadata}
	}
	return nil
}

// filtered reports whether a branch on the type or the size of an entry keeps
// the function from use.
func (w *window) filtered(e *entry, use *pathops.Op) bool {
	if e.metadata == nil {
		return false
	}
	about := w.ops.Numbers.Of(e.metadata)
	for _, b := range w.f.Fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || !w.testsEntry(branch.Cond, about, false, 0) {
			continue
		}
		for i, arm := range b.Succs {
			if leadsTo(b.Succs[1-i], use.Call, b) && !leadsTo(arm, use.Call, b) {
				return true
			}
		}
	}
	return false
}

// testsEntry reports whether a condition tests the type or the size of the entry with the
// metadata about. A test for a directory does not count: it selects what to do with the
// entry.
func (w *window) testsEntry(v ssa.Value, about *fspath.Value, tested bool, depth int) bool {
	const maxSteps = 8
	if depth > maxSteps {
		return false
	}
	if w.ops.Numbers.Of(v) == about {
		return tested
	}
	tested = tested || testsType(v)
	switch v := v.(type) {
	case *ssa.UnOp:
		return w.testsEntry(v.X, about, tested, depth+1)
	case *ssa.BinOp:
		return w.testsEntry(v.X, about, tested, depth+1) || w.testsEntry(v.Y, about, tested, depth+1)
	case *ssa.Extract:
		return w.testsEntry(v.Tuple, about, tested, depth+1)
	case *ssa.Call:
		row := w.ops.Row(v)
		if row == nil || len(fspath.Arguments(v.Common())) == 0 {
			return false
		}
		switch row.Gives {
		case fsapi.Size:
			tested = true
		case fsapi.Mode, fsapi.IsRegular, fsapi.Info:
		default:
			return false
		}
		return w.testsEntry(fspath.Arguments(v.Common())[0], about, tested, depth+1)
	}
	return false
}
