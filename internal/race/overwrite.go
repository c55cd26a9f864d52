package race

import (
	"go/types"
	pathpkg "path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// sight is an operation as one function sees it: the function that performs it,
// or one that calls that.
//
//	func put(path string, text []byte) error {   // here the path is a parameter:
//		return os.WriteFile(path, text, 0o600)   // nothing says what the file is
//	}
//
//	func (s *store) save() error {
//		text, err := json.Marshal(s.items)       // the caller knows what the content is,
//		…
//		return put(s.path, text)                 // and which file it is
//	}
type sight struct {
	f  *pathops.Func
	op *pathops.Op
}

// judge returns what is known of an overwrite in its function and in each chain of
// callers in the package up to the one that chooses the path. The gravest chain
// decides, so that a caller with an output does not excuse another one with a
// database, and the facts of two of them are never added.
//
// There are none if each of them overwrites a file that cannot be torn.
func (ev *evidence) judge(w *window, op *pathops.Op, known fact) []chain {
	var list []chain
	folded := make(map[fact]bool)
	ev.chains(sight{w.f, op}, ev.callers[op.Deep], chain{facts: known}, func(c chain) {
		if ev.keys != nil && len(list) < maxChains {
			list = append(list, c)
		} else if facts := c.with(nil); !folded[facts] {
			folded[facts] = true
			list = append(list, chain{facts: facts})
		}
	})
	if len(list) > 0 && ev.shown != nil {
		ev.questions = append(ev.questions, question{chains: list})
	}
	return list
}

// maxChains bounds how many chains of callers other packages may say something about.
const maxChains = 64

// chains calls visit with each chain of callers above s.
func (ev *evidence) chains(s sight, callers []sight, below chain, visit func(chain)) {
	own, tearable := ev.factsOf(s)
	if !tearable {
		return
	}
	together := chain{own.facts | below.facts, slices.Concat(below.paths, own.paths)}
	var others []sight // without those that call s, so that a recursion ends
	var above []sight
	for _, c := range callers {
		if c.calls(s) {
			above = append(above, c)
		} else {
			others = append(others, c)
		}
	}
	if len(above) == 0 {
		visit(together)
	}
	for _, c := range above {
		ev.chains(c, others, together, visit)
	}
}

// calls reports whether c is a call of the function of s, or may be one through an
// interface.
func (c sight) calls(s sight) bool {
	callee := c.op.Call.Common().StaticCallee()
	if callee == nil {
		return true
	}
	if o := callee.Origin(); o != nil {
		callee = o
	}
	return callee == s.f.Fn
}

// factsOf returns what one function shows of an overwrite. The result is false
// if nothing can be torn there: the file is empty, of the kernel's making, or in
// a temporary of the program's own. Several chains of callers may pass through a
// function, so its facts are looked for once.
func (ev *evidence) factsOf(s sight) (known chain, tearable bool) {
	own, ok := ev.facts[s.op]
	if !ok {
		own.chain, own.tearable = ev.findFacts(s)
		ev.facts[s.op] = own
	}
	return own.chain, own.tearable
}

func (ev *evidence) findFacts(s sight) (found chain, tearable bool) {
	w := ev.window(s.f, s.op.Path)
	if w.special() || ev.ofKernel(s.op.Path) || ev.inGivenTemporary(s.op.Path) {
		return found, false
	}
	var facts fact
	switch payloadOf(ev.ops, s.op) {
	case nothing:
		return found, false
	case constantContent:
		facts |= fixedContent
	case publicHalf:
		facts |= derived
	}
	for f := s.f; f != nil; f = ev.funcs[f.Fn.Parent()] { // a function literal writes what the function around it has marshalled
		if ev.view(f).scene.marshals {
			facts |= encoded
		}
	}
	if s.op.Perm == 0o600 {
		facts |= private
	}
	if w.executable(s.op) {
		facts |= executable
	}
	if ev.atomic {
		facts |= atomicKnown
	}
	failed := ev.fallsBack(w, s.op)
	if failed {
		facts |= fallsBack
	}
	if ev.madeBefore(w, s.op) {
		facts |= madeFirst
	}
	if w.mountedAfter(s.op) {
		facts |= mountedLater
	}
	facts |= ev.readingFacts(w, s.op, failed)
	for _, path := range alternatives(ev.ops.Numbers, s.op.Path) {
		found.paths = append(found.paths, ev.pathFacts(path))
	}
	found.facts = facts
	return found, true
}

// readingFacts are about the function's own reads of the file before op.
//
//	old, err := os.ReadFile(p)              // edited: the new content
//	…                                       // is made from the old one
//	os.WriteFile(p, append(old, x...), 0o644)
//
//	old, _ := os.ReadFile(p)                // looked: it is compared
//	if bytes.Equal(old, text) { return nil }
//	os.WriteFile(p, text, 0o644)
//
// Where op is what is done after a rename has failed, a walk on which nothing
// fails does not come to it.
func (ev *evidence) readingFacts(w *window, op *pathops.Op, failed bool) (facts fact) {
	u := &updates{ops: ev.ops, funcs: ev.funcs}
	for _, read := range w.group {
		switch {
		case read.Effect != fsapi.Open || read.Handle:
		case read.Call == op.Call:
			// A function of another module that does both cannot be changed there.
			if read != op && op.Via != nil && !ev.ops.Ours(op.Via) && w.passesPath(op) {
				facts |= edited | looked
			}
		case w.reaches(read, op, fate.File), failed && read.Call.Block().Dominates(op.Call.Block()):
			facts |= looked
			if u.carries(w.f, read, op) {
				facts |= edited
			}
		}
	}
	return facts
}

// pathFacts are what the path alone shows, in the whole package, and what others may
// add to that.
func (ev *evidence) pathFacts(path *fspath.Value) *seen {
	s := new(seen)
	s.facts = originFacts(ev.ops.Numbers.Origins(path))
	for _, id := range ev.known(path) {
		if r := ev.readers[id]; r != 0 {
			s.readers = append(s.readers, r)
		}
	}
	if f := form(ev.ops.Numbers, path); f != "" && ev.forms[f] {
		s.form = true
	}
	if ev.belowConstant(path, systemDirs) {
		s.facts |= systemDir
	}
	if ev.movedDir(path) {
		s.facts |= movedLater
	}
	if ev.isUnique(path, 0) {
		s.facts |= uniqueName
	}
	if ev.keys != nil {
		ev.openQuestions(s, path)
	}
	return s
}

// originFacts are what the places show that a path comes from.
func originFacts(from fspath.Origins) (facts fact) {
	for _, o := range []struct {
		from fsapi.Origin
		fact fact
	}{
		{fsapi.UserDir, userDir},
		{fsapi.Argument, fromArgument},
		{fsapi.WorkDir, fromWorkDir},
		{fsapi.TempDir, fromTempDir},
	} {
		if from.Has(o.from) {
			facts |= o.fact
		}
	}
	return facts
}

// executable reports whether the file may be executed once it is written.
//
//	os.OpenFile(prog, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
//	f, _ := os.Create(prog); …; os.Chmod(prog, 0o755)
func (w *window) executable(op *pathops.Op) bool {
	const execute = 0o111
	if op.Perm > 0 && op.Perm&execute != 0 {
		return true
	}
	for _, other := range w.group {
		if other.Effect == fsapi.SetMode && other.Perm > 0 && other.Perm&execute != 0 || other.Effect == fsapi.Exec {
			return true
		}
	}
	return false
}

// fallsBack reports whether op runs because a rename onto the path has failed.
//
//	if os.Rename(tmp, path) == nil { return nil }
//	return copyFile(tmp, path)            // truncates path
//
// Not where both run, one after the other, on the way on which nothing fails.
func (ev *evidence) fallsBack(w *window, op *pathops.Op) bool {
	for _, r := range w.group {
		if r.Effect == fsapi.Replace && r.Call != op.Call && !r.Deferred &&
			w.reaches(r, op, fate.Denied) && !w.reachesAfterSuccess(r, op, fate.File) {
			return true
		}
	}
	return false
}

// madeBefore reports whether the function has made a directory that the file
// lies in, and would have failed if it had been there.
//
//	if err := os.Mkdir(dir, 0o700); err != nil { return err }
//	return os.WriteFile(filepath.Join(dir, "spec.json"), text, 0o600)
//
// MkdirAll accepts a directory with an older file in it.
func (ev *evidence) madeBefore(w *window, op *pathops.Op) bool {
	for _, mk := range w.f.Ops {
		if mk.Effect == fsapi.MakeDir && mk.Call.Block().Dominates(op.Call.Block()) && below(op.Path, mk.Path) &&
			ev.window(w.f, mk.Path).after(mk, fate.Dir).AllFail() {
			return true
		}
	}
	return false
}

// mountedAfter reports whether the file is mounted somewhere after it was written.
//
//	os.WriteFile(hosts, text, 0o600)
//	…
//	unix.Mount(hosts, filepath.Join(root, "etc/hosts"), "", unix.MS_BIND, "")
//
// Not where something is mounted on it.
func (w *window) mountedAfter(op *pathops.Op) bool {
	for _, mount := range w.f.Ops {
		if mount.Effect != fsapi.Mount || mount.Path == w.path {
			continue
		}
		for _, arg := range fspath.Operands(mount.Call.Common()) {
			if w.ops.Numbers.Of(arg) == w.path && w.reaches(op, mount, fate.File) {
				return true
			}
		}
	}
	return false
}

// movedDir reports whether the directory of a path is renamed, by the function
// or by another one of the package.
//
//	os.WriteFile(filepath.Join(staging, "state.json"), text, 0o600)
//	…
//	os.Rename(staging, final)
func (ev *evidence) movedDir(path *fspath.Value) bool {
	if ev.moved[dirTail(path)] {
		return true
	}
	for _, m := range ev.movedPaths {
		if below(path, m) {
			return true
		}
	}
	return ev.movedField(path)
}

// movedField reports whether a field that keeps a directory of a path is renamed.
//
//	d := &draft{dir: filepath.Join(root, id+".part")}
//	os.Create(filepath.Join(root, id+".part", "state.json")) // the path
//	…
//	os.Rename(d.dir, final) // another function
//
// The twin renames a field that keeps a file beside it.
func (ev *evidence) movedField(path *fspath.Value) bool {
	isMoved := func(id string) bool { return ev.moved[id] }
	if dir := directory(path); dir != nil && slices.ContainsFunc(ev.known(dir), isMoved) {
		return true
	}
	for dir, fields := range ev.kept {
		if below(path, dir) && slices.ContainsFunc(fields, isMoved) {
			return true
		}
	}
	return false
}

// directory returns the first element of a joined path, or nil.
func directory(path *fspath.Value) *fspath.Value {
	if elems := path.Joined(); len(elems) > 1 {
		return elems[0]
	}
	return nil
}

// below reports whether a path is joined from dir and more.
func below(path, dir *fspath.Value) bool {
	elems, prefix := path.Joined(), dir.Joined()
	if prefix == nil {
		prefix = []*fspath.Value{dir}
	}
	if len(elems) <= len(prefix) {
		return false
	}
	for i, v := range prefix {
		if elems[i] != v {
			return false
		}
	}
	return true
}

// The directories in which constant paths of a system lie.
var (
	systemDirs = []string{"/boot", "/etc", "/lib", "/opt", "/srv", "/usr", "/var/lib"}
	kernelDirs = []string{"/proc", "/sys"}
)

// ofKernel reports whether a path leads to a kernel file, whose content is not
// stored: below a directory of the kernel's, also where that is in a field,
// or in a control group, wherever that is mounted (cgroups(7)).
//
//	os.WriteFile(filepath.Join("/sys/block", disk, "queue/scheduler"), …)
//	os.WriteFile(filepath.Join(group, "cgroup.procs"), …)
func (ev *evidence) ofKernel(path *fspath.Value) bool {
	last := path
	if elems := path.Joined(); len(elems) > 0 {
		last = elems[len(elems)-1]
	}
	name, _ := last.Text()
	return ev.belowConstant(path, kernelDirs) || strings.HasPrefix(pathpkg.Base(name), "cgroup.")
}

// inGivenTemporary reports whether a path lies in a temporary of the program's own
// that a function of the package gives to a function literal.
//
//	withDir(func(dir string) error {        // func withDir(do func(string) error) error {
//		return os.WriteFile(                //	dir, err := os.MkdirTemp("", "x")
//			filepath.Join(dir, "key"), …)   //	…
//	})                                      //	return do(dir)
func (ev *evidence) inGivenTemporary(path *fspath.Value) bool {
	field, owner := "", leftmost(path)
	if owner.Kind == fspath.Field {
		field, owner = owner.Name, owner.Args[0]
	}
	param, ok := owner.Src.(*ssa.Parameter)
	if !ok || owner.Kind != fspath.Param {
		return false
	}
	given := ev.given(param)
	for _, g := range given {
		v := ev.ops.Numbers.Of(g.value)
		if field != "" {
			v = ev.ops.Numbers.FieldOf(g.value, field, g.call)
		}
		if !ev.ops.Numbers.Origins(v).Fresh() {
			return false
		}
	}
	return len(given) > 0
}

// belowConstant reports whether the path begins with a constant that is one of
// some directories or lies in it: itself, by what its field or variable is set to,
// or by what each caller in the package passes for its parameter, if all callers are in the package.
func (ev *evidence) belowConstant(path *fspath.Value, dirs []string) bool {
	return ev.beginsBelow(path, dirs, maxCallers)
}

func (ev *evidence) beginsBelow(path *fspath.Value, dirs []string, depth int) bool {
	first := leftmost(path)
	if param, ok := first.Src.(*ssa.Parameter); ok && first.Kind == fspath.Param {
		return depth > 0 && ev.isAlways(param, func(arg *fspath.Value) bool { return ev.beginsBelow(arg, dirs, depth-1) })
	}
	return slices.ContainsFunc(append(ev.ops.Numbers.Stored(first), first), func(v *fspath.Value) bool { return constantBelow(v, dirs) })
}

// constantBelow reports whether a value is a constant path in one of some directories.
func constantBelow(v *fspath.Value, dirs []string) bool {
	text, ok := v.Text()
	return ok && slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasPrefix(text+"/", dir+"/") })
}

// leftmost returns the part that a path begins with.
//
//	filepath.Join(dir, name)          // dir
//	fmt.Sprintf("%s/%s.json", dir, n) // dir
func leftmost(path *fspath.Value) *fspath.Value {
	for path.Kind == fspath.Pure && len(path.Args) > 0 {
		format, _ := path.Args[0].Text()
		if len(path.Args) > 1 && fsapi.Lookup(path.Name).Has(fsapi.Formats) && strings.HasPrefix(format, "%") {
			path = path.Args[1]
		} else {
			path = path.Args[0]
		}
	}
	return path
}

// maxUniqueDepth bounds how deep the time is looked for in a name.
const maxUniqueDepth = 6

// isUnique reports whether the time or something random is in a path.
//
//	fmt.Sprintf("run-%d.json", time.Now().UnixNano())
//	filepath.Join(dir, uuid.NewString()+".json")
//
// Not a digest, which is the same for the same key:
//
//	sum := sha256.Sum256([]byte(key))
//	filepath.Join(dir, hex.EncodeToString(sum[:]))
func (ev *evidence) isUnique(v *fspath.Value, depth int) bool {
	if depth > maxUniqueDepth {
		return false
	}
	if call := callOf(v); call != nil {
		switch row := ev.ops.Row(call); {
		case row == nil:
		case row.Gives == fsapi.Clock, row.Gives == fsapi.Random && !encodesBytes(call):
			return true
		}
		for _, arg := range fspath.Operands(call.Common()) {
			if ev.isUnique(ev.ops.Numbers.Of(arg), depth+1) {
				return true
			}
		}
	}
	for _, a := range v.Args {
		if ev.isUnique(a, depth+1) {
			return true
		}
	}
	return false
}

// encodesBytes reports whether a call writes bytes as text: random ones or not.
func encodesBytes(call *ssa.Call) bool {
	for _, arg := range fspath.Operands(call.Common()) {
		if _, ok := arg.Type().Underlying().(*types.Slice); ok {
			return true
		}
	}
	return false
}

// callOf returns the call whose result a value is, or nil.
func callOf(v *fspath.Value) *ssa.Call {
	if v.Kind != fspath.Unique && v.Kind != fspath.Chosen {
		return nil
	}
	src := v.Src
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	call, _ := src.(*ssa.Call)
	return call
}
