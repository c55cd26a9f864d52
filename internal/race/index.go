package race

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// evidence is what a whole package shows about its files. Paths are known across
// functions by their identities.
type evidence struct {
	ops        *pathops.Result
	readers    map[string]reader // by the identity of a path that is opened
	forms      map[string]bool   // the forms of those paths
	moved      map[string]bool   // the tails of paths that are renamed to others
	movedPaths []*fspath.Value   // those paths
	atomic     bool              // some file is replaced whole

	// callers are, by the place of an overwrite, the functions in the package
	// that call the one that performs it with a path of their own.
	callers map[token.Pos][]sight

	kept  map[*fspath.Value][]string // by a path, the fields that it is stored in
	views map[*ssa.Function]*view

	// facts are, by an overwrite as one function sees it, what that shows.
	facts map[*pathops.Op]judged
	reads map[*pathops.Op]reader // what readerOf has found

	funcs map[*ssa.Function]*pathops.Func
	calls map[*ssa.Function][]ssa.CallInstruction // the calls of a function by name, in the package

	values map[*types.Func]bool // the functions that are used as values
	own    *ownLocks
	locks  *lockFiles
	held   map[string][]heldFile // by type and field of a path, the fields with the files opened by it

	privileged bool // something is mounted, or given to another user

	// What concerns other packages of the program; nil where they are not known.
	keys      *keys
	shown     *shown
	questions []question
	joined    *joined // what they show; nil until all have been analyzed
}

// judged is what one function shows of an overwrite.
type judged struct {
	chain
	tearable bool
}

func newEvidence(ops *pathops.Result) *evidence {
	ev := &evidence{
		ops:     ops,
		readers: make(map[string]reader),
		forms:   make(map[string]bool),
		moved:   make(map[string]bool),
		callers: make(map[token.Pos][]sight),
		kept:    make(map[*fspath.Value][]string),
		views:   make(map[*ssa.Function]*view),
		facts:   make(map[*pathops.Op]judged),
		reads:   make(map[*pathops.Op]reader),
		funcs:   make(map[*ssa.Function]*pathops.Func),
		calls:   make(map[*ssa.Function][]ssa.CallInstruction),

		values: make(map[*types.Func]bool),
		own:    newOwnLocks(ops),

		held:  heldFiles(ops),
		locks: newLockFiles(ops),

		privileged: mountsOrGives(ops),
	}
	for _, f := range ops.Funcs {
		ev.funcs[f.Fn] = f
		if !ops.InTest(f.Fn) { // tests are there under go vet, and not on the command line
			ev.noteCalls(f.Fn)
			ev.noteStores(f.Fn)
		}
	}
	for _, f := range ops.Funcs {
		if ops.InTest(f.Fn) {
			continue
		}
		for _, op := range f.Ops {
			ev.note(f, op)
		}
	}
	return ev
}

// note records what an operation shows about its path.
func (ev *evidence) note(f *pathops.Func, op *pathops.Op) {
	switch op.Effect {
	case fsapi.Open:
		r := ev.readerOf(op)
		for _, id := range ev.known(op.Path) {
			ev.readers[id] |= r
		}
		if f := form(ev.ops.Numbers, op.Path); f != "" {
			ev.forms[f] = true
		}
	case fsapi.Move:
		ev.movedPaths = append(ev.movedPaths, op.Path)
		for _, id := range ev.known(op.Path) {
			ev.moved[id] = true
		}
	case fsapi.CreateAtomic, fsapi.Replace:
		ev.atomic = true
	}
	if op.Via != nil && (op.Effect == fsapi.Create || op.Row.Has(fsapi.Truncates)) {
		ev.callers[op.Deep] = append(ev.callers[op.Deep], sight{f, op})
	}
}

// noteStores records which paths fn stores in which fields.
func (ev *evidence) noteStores(fn *ssa.Function) {
	for _, s := range ev.ops.Numbers.StoredFields(fn) {
		if isString(s.Value.Type()) {
			v := ev.ops.Numbers.Of(s.Value)
			ev.kept[v] = append(ev.kept[v], s.Owner+"."+s.Name)
		}
	}
}

// known are the identities of a path, and those of the fields that hold it.
//
//	p := &parcel{slip: filepath.Join(dir, id+".slip")} // the path is parcel.slip
//	os.WriteFile(p.slip, text, 0o600)                  // as well
//
// A field that is set once is what it is set to; one that is set in several
// places is only itself.
func (ev *evidence) known(path *fspath.Value) []string {
	list := append(identities(ev.ops.Numbers, path), ev.kept[path]...)
	if values := ev.ops.Numbers.Stored(path); len(values) == 1 {
		list = append(list, identities(ev.ops.Numbers, values[0])...)
		list = append(list, ev.kept[values[0]]...)
	}
	return list
}

// view is what a function looks like to the rules: made once, since callers and
// callees look at each other.
type view struct {
	scene   *scene
	windows []*window
	byPath  map[*fspath.Value]*window
}

// view returns the windows of a function.
func (ev *evidence) view(f *pathops.Func) *view {
	v := ev.views[f.Fn]
	if v == nil {
		v = &view{scene: newScene(ev.ops, f, ev), byPath: make(map[*fspath.Value]*window)}
		for _, group := range byPath(f) {
			w := newWindow(v.scene, group)
			v.windows = append(v.windows, w)
			v.byPath[w.path] = w
		}
		ev.views[f.Fn] = v
	}
	return v
}

// window returns the window of a function on a path of one of its operations.
func (ev *evidence) window(f *pathops.Func, path *fspath.Value) *window {
	return ev.view(f).byPath[path]
}

// byPath groups the operations of a function by their paths, in order.
func byPath(f *pathops.Func) [][]*pathops.Op {
	at := make(map[any]int)
	var groups [][]*pathops.Op
	for _, op := range f.Ops {
		i, ok := at[op.Path]
		if !ok {
			i = len(groups)
			at[op.Path] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], op)
	}
	return groups
}

// shared reports whether a path may be in the directory that every user may write to,
// either itself or by the directory that callers in the package pass to its function.
func (ev *evidence) shared(path *fspath.Value) bool {
	origins := ev.ops.Numbers.Origins(path)
	if origins.Has(fsapi.TempDir) || origins.Fresh() {
		return !origins.Fresh()
	}
	elements := path.Joined()
	if len(elements) < 2 || elements[0].Kind != fspath.Param {
		return false
	}
	param := elements[0].Src.(*ssa.Parameter)
	i := parameterIndex(param)
	for _, call := range ev.calls[param.Parent()] {
		if from := ev.ops.Numbers.Origins(ev.ops.Numbers.Of(call.Common().Args[i])); from.Has(fsapi.TempDir) && !from.Fresh() {
			return true
		}
	}
	return false
}

// reader is a set of what the functions do that read a file.
type reader uint8

const (
	passesOn  reader = 1 << iota // it passes the content on
	failsOver                    // it parses the content, and fails if it cannot
	recovers                     // it parses the content, and succeeds even if it cannot: a cache
)

func (r reader) has(s reader) bool { return r&s != 0 }

// readerOf returns what a function does with what it reads from a file.
//
//	text, err := os.ReadFile(p)                  // failsOver
//	…
//	return json.Unmarshal(text, &s.items)
//
//	text, err := os.ReadFile(p)                  // recovers
//	if err != nil || json.Unmarshal(text, &c) != nil { return newCache() }
//
//	return os.ReadFile(p)                        // passesOn
func (ev *evidence) readerOf(open *pathops.Op) reader {
	r, ok := ev.reads[open]
	if !ok {
		r = ev.findReader(open)
		ev.reads[open] = r
	}
	return r
}

func (ev *evidence) findReader(open *pathops.Op) reader {
	call, ok := open.Call.(*ssa.Call)
	if !ok || open.At != call.Pos() {
		return passesOn
	}
	damaged := &unparsable{Knowledge: ev.ops.Knowledge(open.Path), ev: ev}
	walk := fate.Walk{Know: damaged}
	ends := walk.FromCall(call, fate.File)
	switch {
	case !damaged.met || ends.Overflow || len(ends.All) == 0:
		return passesOn
	case ends.MayFail():
		return failsOver
	}
	return recovers
}

// unparsable is knowledge of a run in which what is read does not parse.
type unparsable struct {
	fate.Knowledge
	ev  *evidence
	met bool
}

func (k *unparsable) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	results := call.Common().Signature().Results()
	c, ok := call.(*ssa.Call)
	if !ok || !fate.ReturnsError(results) || !k.ev.parses(c) {
		return k.Knowledge.Outcomes(call, args, s)
	}
	k.met = true
	tuple := make(fate.Tuple, results.Len())
	tuple[len(tuple)-1] = fate.ErrOther
	return []fate.Outcome{{Results: tuple, State: s}}, true
}

// parses reports whether a call parses what it is given: a function of the table,
// or one of the package that calls such a function and opens nothing itself.
func (ev *evidence) parses(call *ssa.Call) bool {
	if ev.ops.Row(call).Has(fsapi.Loads) {
		return true
	}
	callee := call.Common().StaticCallee()
	if callee == nil {
		return false
	}
	f := ev.funcs[callee]
	if f == nil || len(f.Ops) > 0 {
		return false
	}
	for _, b := range callee.Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(*ssa.Call); ok && ev.ops.Row(c).Has(fsapi.Loads) {
				return true
			}
		}
	}
	return false
}
