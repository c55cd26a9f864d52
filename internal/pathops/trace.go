package pathops

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// trace is what a path is computed from, as far as a question about the one is a
// question about the other:
//
//	path := filepath.Join(root, filepath.Clean(name)) // a path, and the name, beneath root
//	dir := filepath.Dir(path)                         // path, and the name, too
//	real, err := filepath.EvalSymlinks(dir)           // all of these; links were resolved
//	filepath.Join(other, filepath.Base(path))         // none: only the last element is left
type trace struct {
	paths []*fspath.Value // spellings of the path, of one that it leads to, or of one below it
	above []*fspath.Value // those of the paths and names that it is a directory of
	dirs  []*fspath.Value // directories that it lies in: root
	names names           // what is looked up beneath a directory: name

	resolved bool // links were resolved on the way
	walked   bool // it is one component after another, of a loop
}

// name is a value that is looked up beneath a directory.
type name struct {
	value *fspath.Value
	base  *fspath.Value // the directory; nil for one that is not known, or a file system behind an interface
}

type names []name

func (list names) has(v, base *fspath.Value) bool {
	for _, n := range list {
		if n.value == v && n.base == base {
			return true
		}
	}
	return false
}

// meets reports whether the list has a name that is looked up beneath the same
// directory, as far as that is known.
//
//	filepath.Join(root, name)  // n: name beneath root
//	root.Lstat(name)           // in the list: the directory is not known
//	filepath.Join(other, name) // in the list, but beneath another directory
func (list names) meets(n name) bool {
	for _, m := range list {
		if m.value == n.value && (m.base == n.base || m.base == nil || n.base == nil) {
			return true
		}
	}
	return false
}

// asName is the trace of what is looked up beneath a directory that is not known.
func (t *trace) asName() *trace {
	named := *t
	named.paths, named.dirs, named.names = nil, nil, nil
	for _, v := range t.paths {
		named.names = append(named.names, name{v, nil})
	}
	for _, n := range t.names {
		named.names = append(named.names, name{n.value, nil})
	}
	return &named
}

// used is the trace of a path that is used.
func (p *packageOps) used(v *fspath.Value) *trace { return p.trace(v, false) }

// checked is the trace of a checked path. A check of a directory is not a check of the
// files in it.
func (p *packageOps) checked(v *fspath.Value) *trace { return p.trace(v, true) }

func (p *packageOps) trace(v *fspath.Value, checked bool) *trace {
	kept := p.traces[checked]
	if kept == nil {
		kept = make(map[*fspath.Value]*trace)
		p.traces[checked] = kept
	}
	if t := kept[v]; t != nil {
		return t
	}
	t := &tracer{p: p, trace: new(trace), checked: checked, seen: make(map[*fspath.Value]bool), busy: make(map[*fspath.Value]bool)}
	kept[v] = t.trace // as far as it goes, for a path that is computed from itself
	t.path(v)
	return t.trace
}

// maxTraced bounds what one path is traced to.
const maxTraced = 48

// tracer makes a trace.
type tracer struct {
	*trace
	p       *packageOps
	checked bool
	seen    map[*fspath.Value]bool
	busy    map[*fspath.Value]bool // those whose parts are being added
	up      bool                   // what is added lies below the path
}

func (t *tracer) row(v *fspath.Value) *fsapi.Func { return t.p.settings.Table.Lookup(v.Name) }

// path adds another spelling of the path.
func (t *tracer) path(v *fspath.Value) {
	if v == nil || v.Kind == fspath.Const {
		return
	}
	if t.seen[v] {
		t.walked = t.walked || t.busy[v] && phi(v) != nil // around a loop
		return
	}
	if len(t.seen) == maxTraced {
		return
	}
	t.seen[v], t.busy[v] = true, true
	defer delete(t.busy, v)
	t.paths = append(t.paths, v)
	if t.up {
		t.above = append(t.above, v)
	}
	if file := t.p.num.File(v, false); file != v {
		t.path(file) // the operations are known by that
	}
	switch v.Kind {
	case fspath.Pure:
		t.computed(v)
	case fspath.Index:
		t.part(v.Args[0], t.path)
	case fspath.Field:
		if from, about := t.p.yieldedByGuard(v.Args[0], v.Name); from != nil {
			t.resolved = t.resolved || about == Place
			t.path(from)
		}
	case fspath.Unique, fspath.Chosen:
		t.returned(v, t.path)
	}
}

// descend adds what the path is the directory of.
func (t *tracer) descend(add func()) {
	before := t.up
	t.up = true
	add()
	t.up = before
}

// computed adds what a pure function makes a path of.
func (t *tracer) computed(v *fspath.Value) {
	row := t.row(v)
	switch {
	case v.Confined():
		t.name(v.Args[1], nil)
	case row.Has(fsapi.Ascends):
		t.descend(func() { t.path(v.Args[0]) })
	case row.Has(fsapi.Respells), row.Has(fsapi.Strips):
		t.path(v.Args[0])
	case row.Has(fsapi.Splits):
		t.walked = true
		t.path(v.Args[0])
	case row.Has(fsapi.Relates):
		t.path(v.Args[len(v.Args)-1])
	case row.Has(fsapi.Beneath):
		t.below(v.Args[0], v.Args[1:], true)
	case v.Joined() != nil:
		t.below(v.Args[0], v.Args[1:], false)
	case v.Appended() != nil:
		t.appended(v.Args)
	}
}

// appended adds the parts of a concatenation: those of root + "/" + name are of a
// join, those of path + ".tmp" of another spelling.
func (t *tracer) appended(parts []*fspath.Value) {
	for _, v := range parts[1:] {
		if _, constant := v.Text(); !constant {
			t.below(parts[0], parts[1:], false)
			return
		}
	}
	t.path(parts[0])
}

// below adds a path that is made of a directory, or a handle of one, and names
// beneath it.
func (t *tracer) below(base *fspath.Value, elements []*fspath.Value, handle bool) {
	if !t.checked && !handle {
		t.dir(base)
	}
	if handle {
		base = nil
	}
	for _, v := range elements {
		t.name(v, base)
	}
}

// dir adds a directory that the path lies in, and what that is computed from.
func (t *tracer) dir(v *fspath.Value) {
	of := t.p.used(v)
	t.dirs = append(append(t.dirs, of.paths...), of.dirs...)
	t.names = append(t.names, of.names...)
	t.resolved = t.resolved || of.resolved
}

// name adds a name that is looked up beneath base, and what it is computed from.
func (t *tracer) name(v, base *fspath.Value) {
	if v == nil || v.Kind == fspath.Const {
		return
	}
	if len(t.names) == maxTraced || t.names.has(v, base) {
		return
	}
	t.names = append(t.names, name{v, base})
	if t.up {
		t.above = append(t.above, v)
	}
	again := func(w *fspath.Value) { t.name(w, base) }
	switch v.Kind {
	case fspath.Pure:
		row := t.row(v)
		switch {
		case v.Confined():
			t.name(v.Args[1], nil)
		case row.Has(fsapi.Relates), row.Has(fsapi.Strips) && len(v.Args) == 2:
			whole, root := v.Args[len(v.Args)-1], v.Args[0]
			if row.Has(fsapi.Strips) {
				whole, root = root, whole
			}
			if base == nil || t.sameDir(base, root) {
				t.path(whole) // the directory is put back, or the file system is that of the directory
				return
			}
			if row.Has(fsapi.Strips) {
				again(whole)
			}
		case row.Has(fsapi.Ascends):
			t.descend(func() { again(v.Args[0]) })
		case row.Has(fsapi.Respells), row.Has(fsapi.Strips):
			again(v.Args[0])
		case row.Has(fsapi.Splits):
			t.walked = true
			again(v.Args[0])
		case v.Joined() != nil, v.Appended() != nil:
			for _, w := range v.Args {
				again(w)
			}
		}
	case fspath.Index:
		t.part(v.Args[0], func(w *fspath.Value) { t.name(w, nil) })
	case fspath.Unique, fspath.Chosen:
		t.returned(v, again)
	}
}

// sameDir reports whether two values are one directory: what is stripped of a path
// may have the separator behind it.
func (t *tracer) sameDir(a, b *fspath.Value) bool {
	if a == b {
		return true
	}
	plain := func(v *fspath.Value) *fspath.Value {
		for {
			switch row := t.row(v); {
			case v.Kind != fspath.Pure || len(v.Args) == 0:
				return v
			case row.Has(fsapi.Respells), v.Appended() != nil && len(v.Args) == 2 && v.Args[1].Kind == fspath.Const:
				v = v.Args[0]
			default:
				return v
			}
		}
	}
	return plain(a) == plain(b)
}

// part adds what a list is the parts of, if v is one of the parts of a path.
func (t *tracer) part(list *fspath.Value, add func(*fspath.Value)) {
	if list.Kind == fspath.Pure {
		if t.row(list).Has(fsapi.Splits) {
			t.walked = true
			add(list.Args[0])
		}
		return
	}
	if call, ok := list.Src.(*ssa.Call); ok && t.p.num.Row(call).Has(fsapi.Splits) {
		t.walked = true
		add(t.p.num.Of(fspath.Arguments(call.Common())[0]))
	}
}

// returned adds the parts of a value that is not computed from equal parts.
func (t *tracer) returned(v *fspath.Value, add func(*fspath.Value)) {
	if call, row := t.p.resolver(v); call != nil {
		t.resolved = true
		arg := row.Ops[0].Arg
		of := argument(call.Common(), arg)
		switch {
		case of == nil:
		case row.Has(fsapi.AtDir):
			t.name(t.p.num.Of(of), t.p.num.Of(argument(call.Common(), arg-1)))
		default:
			t.path(t.p.num.Of(of))
		}
		return
	}
	switch src := v.Src.(type) {
	case *ssa.Phi:
		for _, e := range src.Edges {
			add(t.p.num.Of(e))
		}
		return
	case *ssa.Slice:
		if isText(src.X.Type()) {
			add(t.p.num.Of(src.X))
		}
		return
	case *ssa.Extract:
		if call, ok := src.Tuple.(*ssa.Call); ok && t.p.num.Row(call).Has(fsapi.Splits) {
			t.walked = true
			add(t.p.num.Of(fspath.Arguments(call.Common())[0]))
			return
		}
	}
	if from, about := t.p.yieldedByGuard(v, ""); from != nil {
		t.resolved = t.resolved || about == Place
		t.path(from)
		return
	}
	if from := t.p.madeOf(v); from != nil {
		add(from)
	}
}

// madeOf returns the text that a function of the package makes another text of,
// without a look at any file, if it is too long to be an expression:
//
//	func clean(name string) string {
//		if v := filepath.VolumeName(name); v != "" {
//			name = name[len(v):]
//		}
//		return filepath.Join("/", name)
//	}
func (p *packageOps) madeOf(v *fspath.Value) *fspath.Value {
	call, ok := v.Src.(*ssa.Call)
	if !ok || !isText(call.Type()) {
		return nil
	}
	fn := call.Common().StaticCallee()
	if fn == nil || !p.textual(fn) {
		return nil
	}
	var from ssa.Value
	for _, arg := range fspath.Arguments(call.Common()) {
		if isText(arg.Type()) {
			from = arg // the last one: behind the directory
		}
	}
	if from == nil {
		return nil
	}
	return p.num.Of(from)
}

// textual reports whether a function of the package works on texts alone: what it
// calls are functions of the table that touch no file, or such functions.
func (p *packageOps) textual(fn *ssa.Function) bool {
	if is, ok := p.texts[fn]; ok {
		return is
	}
	p.texts[fn] = false // for a function that calls itself
	is := len(fn.Blocks) > 0
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				is = is && isLocal(instr.Addr) // the arguments of a variadic call
			case *ssa.MapUpdate, *ssa.Lookup, *ssa.Go, *ssa.Defer:
				is = false
			case *ssa.Call:
				if _, builtin := instr.Call.Value.(*ssa.Builtin); builtin {
					continue
				}
				if row := p.num.Row(instr); row != nil {
					is = is && len(row.Ops) == 0 && row.Gives != fsapi.Handle
				} else {
					callee := instr.Call.StaticCallee()
					is = is && callee != nil && p.textual(callee)
				}
			}
		}
	}
	p.texts[fn] = is
	return is
}

// isLocal reports whether an address is of a variable of the function, or in one.
func isLocal(addr ssa.Value) bool {
	switch a := addr.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.IndexAddr:
		return isLocal(a.X)
	case *ssa.FieldAddr:
		return isLocal(a.X)
	}
	return false
}

// resolver returns the call that a path is the result of, if that resolves
// links.
func (p *packageOps) resolver(v *fspath.Value) (*ssa.Call, *fsapi.Func) {
	src := v.Src
	if x, ok := src.(*ssa.Extract); ok && x.Index == 0 {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok || v.Kind != fspath.Unique {
		return nil, nil
	}
	row := p.num.Row(call)
	if row == nil || len(row.Ops) == 0 || row.Ops[0].Effect != fsapi.Resolve {
		return nil, nil
	}
	return call, row
}

// yieldedByGuard returns the path that a value, or a field of it, was made from by
// a function which has found it to lie within a directory, and what that looked at.
//
//	full, err := store.full(name)       // full: from name
//	entry, err := newEntry(dir, header) // the field "path" of entry: from header.Name
//
// None if the function looks at the object at the path, or returns an answer alone:
//
//	info, err := owned(path)
//	err := within(root, path)
func (p *packageOps) yieldedByGuard(v *fspath.Value, field string) (from *fspath.Value, about About) {
	src, index := v.Src, 0
	if x, ok := src.(*ssa.Extract); ok {
		src, index = x.Tuple, x.Index
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return nil, Text
	}
	sum := p.calleeSummary(call.Common(), fspath.Callee(call.Common()))
	if sum == nil {
		return nil, Text
	}
	for i := range sum.Guards {
		if g := &sum.Guards[i]; g.Result == index+1 && g.Field == field && g.About != Object && g.Path != nil {
			return p.num.Instantiate(g.Path, call.Common(), call), g.About
		}
	}
	return nil, Text
}

func phi(v *fspath.Value) *ssa.Phi {
	phi, _ := v.Src.(*ssa.Phi)
	return phi
}

func contains(list []*fspath.Value, v *fspath.Value) bool {
	for _, w := range list {
		if w == v {
			return true
		}
	}
	return false
}
