package race

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// LostUpdate is a read, a change and a write without a lock.
const LostUpdate Kind = "lostupdate"

// The reasons of lostUpdate.
var (
	updateLost           = Reason{"update-lost", "no lock keeps other writers out", Strict, low}
	updateLostUnderMutex = Reason{"update-lost-under-mutex", "the lock keeps other goroutines out, but not other processes", Strict, low}
	updateKept           = Reason{"update-kept", "what one function has read and kept, another one writes back, and no lock keeps other writers out", Strict, low}
	updateByUser         = Reason{"update-by-user", "the user works on the file, one command at a time", Silent, none}
)

// lostUpdate finds where a file is read, changed and written back with no lock
// that another process honours.
//
// It leaves out what tornWrite has found: what is written in place is torn first
// of all, and that has a fix. Once the write is atomic the lost update remains.
func lostUpdate(w *window) []*Finding {
	u := &updates{ops: w.ops, funcs: w.ev.funcs}
	var found []*Finding
	if w.special() {
		return nil
	}
	writes := effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace, fsapi.Write)
	w.pairs(reads, writes, func(read, use *pathops.Op) {
		if torn(w.found, use) || w.readsItself(use) || !w.readThen(read, use) || !u.carries(w.f, read, use) {
			return
		}
		f := &Finding{Kind: LostUpdate, Use: use, Check: read}
		switch origins := w.ops.Numbers.Origins(w.path); {
		case w.locked(read.Call):
			f.Reason = fileLocked
		case origins.Has(fsapi.Argument), origins.Has(fsapi.WorkDir), origins.Has(fsapi.TempDir):
			f.Reason = updateByUser
		case w.excluded(read.Call):
			f.Reason = updateLostUnderMutex
		default:
			f.Reason = updateLost
		}
		found = append(found, f)
	})
	return found
}

// readThen reports whether use runs after read has found a file: whatever else it
// fails over then, it is not absence.
//
//	s, err := load(path) // reads, and parses
//	if errors.Is(err, fs.ErrNotExist) {
//		err = save(path, defaults) // does not run then
//	}
func (w *window) readThen(read, use *pathops.Op) bool {
	return w.walkFrom(read, fate.File, &found{w.ops.Knowledge(w.path), read.Call})[use.Call]
}

// found is knowledge of a run in which one call finds a file, and either succeeds or
// fails for another reason than absence.
type found struct {
	fate.Knowledge
	call ssa.CallInstruction
}

func (k *found) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	all, known := k.Knowledge.Outcomes(call, args, s)
	results := call.Common().Signature().Results()
	last := results.Len() - 1
	if call != k.call || last < 0 || !fate.IsError(results.At(last).Type()) {
		return all, known
	}
	if !known {
		all = []fate.Outcome{{Results: make(fate.Tuple, last+1), State: s}}
	}
	var told []fate.Outcome
	for _, o := range all {
		if o.Exits || len(o.Results) <= last || o.Results[last] != fate.Unknown {
			told = append(told, o)
			continue
		}
		for _, err := range []fate.Abs{fate.Nil, fate.ErrOther} {
			way := o
			way.Results = slices.Clone(o.Results)
			way.Results[last] = err
			told = append(told, way)
		}
	}
	return told, true
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

// torn reports whether tornWrite has found a use, and not in silence.
func torn(findings []*Finding, use *pathops.Op) bool {
	return slices.ContainsFunc(findings, func(f *Finding) bool {
		return f.Kind == TornWrite && f.Use == use && f.Level() > Silent
	})
}

// updates follows contents from reads to writes, through the functions of the
// package.
type updates struct {
	ops   *pathops.Result
	funcs map[*ssa.Function]*pathops.Func
}

// carries reports whether what use writes, in the function f, is made from what
// read has read.
func (u *updates) carries(f *pathops.Func, read, use *pathops.Op) bool {
	return u.writes(u.reading(f, []*pathops.Op{read}, 0), use, 0)
}

// maxThrough bounds how many functions deep a read or a write is looked for.
const maxThrough = 4

// callee returns the function of this package that a call runs, or nil.
func (u *updates) callee(call ssa.CallInstruction) *pathops.Func {
	fn := call.Common().StaticCallee()
	if fn == nil {
		return nil
	}
	if o := fn.Origin(); o != nil {
		fn = o
	}
	return u.funcs[fn]
}

// within returns the operations of a function that op, of a call of it, stands
// for.
func within(f *pathops.Func, op *pathops.Op) []*pathops.Op {
	var list []*pathops.Op
	for _, inner := range f.Ops {
		if inner.Effect == op.Effect && inner.Deep == op.Deep && !inner.Handle {
			list = append(list, inner)
		}
	}
	return list
}

// reading returns what a function holds of the contents that some of its
// operations read.
func (u *updates) reading(f *pathops.Func, reads []*pathops.Op, depth int) *contents {
	c := newContents(u.ops.Numbers, f)
	for _, read := range reads {
		call, ok := read.Call.(*ssa.Call)
		if !ok {
			continue
		}
		inner := u.callee(call)
		switch {
		case inner != nil && read.Via != nil:
			// So deep in other functions a read is one of many things that
			// they do, and its content is not what they are called for.
			if depth < maxThrough {
				c.through(call, u.reading(inner, within(inner, read), depth+1))
			}
		case read.Via != nil || u.ops.Row(call) == read.Row:
			c.fill(call, true)
		}
	}
	c.spread()
	return c
}

// writes reports whether op, in the function of c, writes what c holds.
func (u *updates) writes(c *contents, op *pathops.Op, depth int) bool {
	call := op.Call
	if op.Via == nil {
		return u.ops.Row(call) == op.Row && u.writesDirectly(c, op, depth)
	}
	args := fspath.Arguments(call.Common())
	inner := u.callee(call)
	if inner == nil || depth >= maxThrough {
		// What it does with its arguments is not known; the path is no content.
		return slices.ContainsFunc(args, func(v ssa.Value) bool { return c.holds(v) && c.num.Of(v) != op.Path })
	}
	given := newContents(u.ops.Numbers, inner)
	for i, v := range args {
		if c.holds(v) && i < len(inner.Fn.Params) {
			given.mark(inner.Fn.Params[i])
		}
	}
	given.spread()
	return slices.ContainsFunc(within(inner, op), func(o *pathops.Op) bool {
		return u.performs(inner, o, call) && u.writes(given, o, depth+1)
	})
}

// performs reports whether a function performs one of its operations if it is
// called as call says, with a file at the path.
//
//	func save(path string, s *Settings, force bool) error {
//		if _, err := os.Stat(path); force || errors.Is(err, fs.ErrNotExist) {
//			return write(path, s)
//		}
//		return nil
//	}
//
//	save(path, s, false) // does not write
func (u *updates) performs(f *pathops.Func, op *pathops.Op, call ssa.CallInstruction) bool {
	reached := false
	walk := fate.Walk{Know: u.ops.Knowledge(op.Path), Assume: make(map[ssa.Value]fate.Abs)}
	for i, arg := range fspath.Arguments(call.Common()) {
		if c, ok := arg.(*ssa.Const); ok && i < len(f.Fn.Params) && c.Value != nil && c.Value.Kind() == constant.Bool {
			walk.Assume[f.Fn.Params[i]] = fate.Bool(constant.BoolVal(c.Value))
		}
	}
	walk.Visit = func(instr ssa.Instruction, _ fate.State) bool {
		reached = reached || instr == ssa.Instruction(op.Call)
		return !reached
	}
	return walk.FromEntry(f.Fn, fate.File).Overflow || reached
}

// writesDirectly is writes for a call of a function of the table.
func (u *updates) writesDirectly(c *contents, op *pathops.Op, depth int) bool {
	args := fspath.Arguments(op.Call.Common())
	switch {
	case op.Row.Data > 0:
		v := op.Content()
		return v != nil && c.holds(v) && !c.raw[v] // to put back what was read is no change
	case op.Effect == fsapi.Replace:
		return u.movesWritten(c, op, depth)
	}
	if call, ok := op.Call.(*ssa.Call); ok {
		if h := firstResult(call); h != nil && c.writtenTo(h) {
			return true
		}
	}
	// One without a handle writes what its receiver and its arguments hold.
	return op.Row.Gives != fsapi.Handle && slices.ContainsFunc(args, func(v ssa.Value) bool { return c.holds(v) && c.num.Of(v) != op.Path })
}

// movesWritten reports whether a rename puts in place a file that the function
// has written with what c holds.
//
//	os.WriteFile(tmp, append(data, line...), 0o600)
//	os.Rename(tmp, path) // rename: puts in place what was made from data
func (u *updates) movesWritten(c *contents, rename *pathops.Op, depth int) bool {
	for _, move := range c.f.At(rename.Call) {
		if move.Effect != fsapi.Move {
			continue
		}
		for _, op := range c.f.Ops {
			if op.Path == move.Path && op.Call != rename.Call && effect(fsapi.Create, fsapi.CreateExclusive, fsapi.CreateKeep, fsapi.CreateAtomic)(op) && u.writes(c, op, depth) {
				return true
			}
		}
	}
	return false
}

// keptUpdates finds where one function keeps what it has read from a file in a
// field or a variable, and another one writes that back to the same file.
//
//	func (r *Recent) Load() error {
//		data, err := os.ReadFile(recentPath)
//		...
//		return json.Unmarshal(data, &r.names)
//	}
//
//	func (r *Recent) Save() error {
//		data, err := json.Marshal(r.names)
//		...
//		return replace(recentPath, data)
//	}
//
// The twin writes what comes from another field:
//
//	data, err := json.Marshal(r.lines)
//
// found is what there is to say already: where a caller of both has an update, that
// is the finding.
func keptUpdates(ev *evidence, found []*Finding) []*Finding {
	ops := ev.ops
	u := &updates{ops: ops, funcs: ev.funcs}
	loads := u.loads()
	if len(loads) == 0 {
		return nil
	}
	callers := callersOf(ops)
	var list []*Finding
	for _, f := range ops.Funcs {
		if ops.InTest(f.Fn) || locksWithin(ops, callers, f.Fn, 0) {
			continue
		}
		for _, use := range f.Ops {
			if !u.writesItself(use) || toldOf(found, use) {
				continue
			}
			if read := u.writesKept(f, use, loads); read != nil && !locksWithin(ops, callers, read.Call.Parent(), 0) {
				finding := &Finding{Kind: LostUpdate, Use: use, Check: read, Reason: updateKept, Fn: f.Fn}
				list, found = append(list, finding), append(found, finding)
			}
		}
	}
	return list
}

// keeping is what a function keeps of a file that it reads.
type keeping struct {
	read  *pathops.Op
	holds map[any]bool // fields, variables, and types of objects that are filled as a whole
}

// loads lists, by the identities of paths, what the functions of the package keep
// of the files that they read.
//
//	func (s *store) load() error {
//		data, err := os.ReadFile(s.path)
//		return json.Unmarshal(data, &s.entries) // kept in a field
//	}
func (u *updates) loads() map[string][]keeping {
	loads := make(map[string][]keeping)
	for _, f := range u.ops.Funcs {
		if u.ops.InTest(f.Fn) {
			continue
		}
		for _, read := range f.Ops {
			if !reads(read) || read.Handle || read.Via != nil || !u.stays(read.Path) {
				continue // what a callee reads, it keeps itself
			}
			names := identities(read.Path)
			if len(names) == 0 {
				continue
			}
			holds := u.reading(f, []*pathops.Op{read}, 0).kept()
			if len(holds) == 0 {
				continue
			}
			for _, name := range names {
				loads[name] = append(loads[name], keeping{read, holds})
			}
		}
	}
	return loads
}

// stays reports whether a path is of a file that the program keeps for itself, and
// not one that its user works on.
//
//	filepath.Join(configDir, "app", "state.json") // stays
//	os.Args[1], "README.md", os.TempDir() + "/x"  // do not
func (u *updates) stays(path *fspath.Value) bool {
	origins := u.ops.Numbers.Origins(path)
	return !origins.Fresh() && !origins.Has(fsapi.Argument) && !origins.Has(fsapi.WorkDir) && !origins.Has(fsapi.TempDir)
}

// writesItself reports whether an operation writes a file, and with what the
// function that it is listed for has at hand: a method of another package writes
// what its own object holds.
func (u *updates) writesItself(op *pathops.Op) bool {
	if op.Deferred || op.Handle || !effect(fsapi.Create, fsapi.CreateAtomic, fsapi.Replace, fsapi.Write)(op) {
		return false
	}
	return op.Via == nil || u.callee(op.Call) != nil || op.Via.Signature().Recv() == nil
}

// writesKept returns the read whose content use writes, or nil.
func (u *updates) writesKept(f *pathops.Func, use *pathops.Op, loads map[string][]keeping) *pathops.Op {
	for _, name := range identities(use.Path) {
		for _, k := range loads[name] {
			if k.read.Call.Parent() == f.Fn {
				continue
			}
			c := newContents(u.ops.Numbers, f)
			c.take(k.holds)
			c.spread()
			if u.writes(c, use, 0) {
				return k.read
			}
		}
	}
	return nil
}

// toldOf reports whether there is a finding, shown or not, of a lost update by the
// same write to the same path, or one that is shown of a torn write.
func toldOf(found []*Finding, use *pathops.Op) bool {
	names := identities(use.Path)
	return slices.ContainsFunc(found, func(f *Finding) bool {
		if f.Use.Deep != use.Deep || f.Kind == TornWrite && f.Level() == Silent {
			return false
		}
		return f.Use.Call == use.Call || slices.ContainsFunc(identities(f.Use.Path), func(n string) bool { return slices.Contains(names, n) })
	})
}

// callersOf returns, by function, those of the package that call it.
func callersOf(ops *pathops.Result) map[*ssa.Function][]*ssa.Function {
	callers := make(map[*ssa.Function][]*ssa.Function)
	for _, f := range ops.Funcs {
		for _, b := range f.Fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() != nil {
					callee := call.Common().StaticCallee()
					callers[callee] = append(callers[callee], f.Fn)
				}
			}
		}
	}
	return callers
}

// locksWithin reports whether a function, or one that leads to it, takes a lock
// that other processes honor.
func locksWithin(ops *pathops.Result, callers map[*ssa.Function][]*ssa.Function, fn *ssa.Function, depth int) bool {
	if len(lockCalls(ops, fn)) > 0 {
		return true
	}
	return depth < maxThrough && slices.ContainsFunc(callers[fn], func(by *ssa.Function) bool {
		return by != fn && locksWithin(ops, callers, by, depth+1)
	})
}
