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

// readsItself reports whether an operation reads a file that the program keeps for
// itself: what a callee reads, that keeps.
//
//	text, err := os.ReadFile(c.path) // does
//	text, err := load(c.path)        // does not
//	text, err := os.ReadFile(os.Args[1]) // does not
func (u *updates) readsItself(op *pathops.Op) bool {
	direct := !op.Handle && op.Via == nil
	return reads(op) && direct && u.stays(op.Path)
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

// within returns the operations of a function that op, of a call of that function,
// represents.
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
//	os.Rename(tmp, path) // puts in place what was made from data
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
