package pathops

import (
	"cmp"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// site is a call that operates on paths.
type site struct {
	in       *ssa.Function                     // the function that the call is in
	file     func(*fspath.Value) *fspath.Value // the number that all spellings of a path have in common
	ops      []*Op
	computed map[*fspath.Value]*outcomes        // by path, how the call can end; computed on demand
	tell     map[*fspath.Value]func() *outcomes // what works that out
}

func (s *site) add(op *Op, tell func() *outcomes) {
	if op.Path == nil {
		return
	}
	op.Path = s.file(op.Path)
	s.ops = append(s.ops, op)
	if _, ok := s.tell[op.Path]; !ok && !op.Handle {
		if s.tell == nil {
			s.tell = make(map[*fspath.Value]func() *outcomes)
		}
		s.tell[op.Path] = tell
	}
}

// outcomes returns how the call can end, by the state of a path, or nil if it
// does not operate on that. It is computed on demand, because it walks through
// the callee and most calls do not need it.
func (s *site) outcomes(path *fspath.Value) *outcomes {
	o, ok := s.computed[path]
	if tell := s.tell[path]; !ok && tell != nil {
		o = tell()
		if s.computed == nil {
			s.computed = make(map[*fspath.Value]*outcomes)
		}
		s.computed[path] = o
	}
	return o
}

// collect lists the operations of fn.
func (p *packageOps) collect(fn *ssa.Function) *Func {
	f := &Func{Fn: fn, sites: make(map[ssa.CallInstruction]*site)}
	file := p.fileIn(fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if _, concurrent := call.(*ssa.Go); concurrent {
				continue // no order between it and what follows
			}
			s := &site{in: fn, file: file}
			p.call(s, call)
			if len(s.ops) == 0 {
				continue
			}
			_, deferred := call.(*ssa.Defer)
			for _, op := range s.ops {
				op.Call = call
				op.Deferred = deferred
				if !op.At.IsValid() {
					op.At = call.Pos()
				}
				if !op.Deep.IsValid() {
					op.Deep = call.Pos()
				}
			}
			f.sites[call] = s
			f.Ops = append(f.Ops, s.ops...)
		}
	}
	// The blocks of a condition come after those of its arms.
	slices.SortStableFunc(f.Ops, func(a, b *Op) int { return cmp.Compare(a.Call.Pos(), b.Call.Pos()) })
	f.Scopes = p.scopes(fn)
	return f
}

// call collects the operations of one call.
func (p *packageOps) call(s *site, call ssa.CallInstruction) {
	common := call.Common()
	obj := fspath.Callee(common)
	if row := p.rowOf(obj); row != nil {
		p.direct(s, call, row)
	} else if lit, ok := literal(common.Value); ok {
		p.literal(s, lit, true)
		p.throughLiteral(s, call, lit)
	} else if sum := p.calleeSummary(common, obj); sum != nil {
		p.through(s, call, obj, sum)
	}
	for _, a := range common.Args {
		if lit, ok := literal(a); ok {
			p.literal(s, lit, false)
		}
	}
}

// rowOf returns what the table knows of a function, or nil.
func (p *packageOps) rowOf(obj *types.Func) *fsapi.Func {
	if obj == nil {
		return nil
	}
	if row := p.num.RowOf(obj); row != nil {
		return row
	}
	return shape(obj)
}

// direct collects the operations of a call of a function of the table.
func (p *packageOps) direct(s *site, call ssa.CallInstruction, row *fsapi.Func) {
	common := call.Common()
	if row.Network > 0 && !mayBeUnix(argument(common, row.Network-1)) {
		return
	}
	if row.Gives == fsapi.NewFile {
		p.newFile(s, call, row)
	}
	for i, rowOp := range row.Ops {
		if row.Has(fsapi.IfNextNil) {
			if c, ok := argument(common, rowOp.Arg+1).(*ssa.Const); !ok || !c.IsNil() {
				continue
			}
		}
		effect, noFollow := rowOp.Effect, row.Has(fsapi.NoFollow)
		if effect == fsapi.ByFlags {
			effect, noFollow = p.effectOfFlags(common, row)
		}
		if common.IsInvoke() {
			effect = p.effectThroughInterface(common, rowOp.Arg, effect)
		}
		paths := p.paths(call, common, row, rowOp.Arg)
		own := len(paths)
		for _, round := range inRounds(common) {
			if argument(round, rowOp.Arg) != argument(common, rowOp.Arg) {
				paths = append(paths, p.paths(call, round, row, rowOp.Arg)...)
			}
		}
		for k, path := range paths {
			op := &Op{Effect: effect, Path: path, Row: row, Perm: -1, Handle: rowOp.Arg == fsapi.Recv, NoFollow: noFollow, Opens: i == 0 && opens(row) && k < own}
			if effect == fsapi.Check && i == 0 {
				op.Answers = ofRow(row)
			}
			if rowOp.Effect == fsapi.ByFlags {
				set, _ := bits(argument(common, row.Flags))
				op.Appends = set&p.openFlag(common, "O_APPEND") != 0
			}
			if effect == fsapi.ByFlags {
				op.flags = flagsFrom(argument(common, row.Flags))
			}
			if row.Perm > 0 || op.Handle && effect == fsapi.SetMode {
				op.Perm, op.permIn = perm(argument(common, row.Perm))
			}
			s.add(op, func() *outcomes { return rowOutcomes(row, effect, common.Signature().Results()) })
			if op.Opens {
				p.opened(call, 0, s.file(path))
			}
		}
	}
}

// mayBeUnix reports whether a network may be that of sockets with a path: where it
// is not known, the address is taken for one, and a second use of it as a path
// shows whether it is.
//
//	net.Listen("tcp", addr) // not
//
//	network := "tcp"
//	if strings.HasPrefix(addr, "/") {
//		network = "unix"
//	}
//	net.Listen(network, addr)
func mayBeUnix(network ssa.Value) bool {
	switch v := network.(type) {
	case *ssa.Const:
		return v.Value != nil && strings.HasPrefix(constant.StringVal(v.Value), "unix")
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return e != network && mayBeUnix(e) })
	}
	return network != nil
}

// perm returns the mode that v is, or -1 and one more than the parameter that it
// comes from, if it does.
func perm(v ssa.Value) (mode int64, in int) {
	if mode = integer(v); mode < 0 {
		if param, ok := v.(*ssa.Parameter); ok {
			in = parameterIndex(param) + 1
		}
	}
	return mode, in
}

// opens reports whether a function returns an open file.
func opens(row *fsapi.Func) bool {
	return row.Gives == fsapi.Handle || row.Gives == fsapi.NewFile || row.Gives == fsapi.Scope
}

// newFile records that a call creates a file under a name of its own choice:
// the one that its handle reports.
func (p *packageOps) newFile(s *site, call ssa.CallInstruction, row *fsapi.Func) {
	handle := result(call, 0)
	if handle == nil {
		return
	}
	path := p.num.NameOf(handle)
	s.add(&Op{Effect: fsapi.CreateExclusive, Path: path, Row: row, Perm: 0o600, Opens: true}, nothingKnown)
	p.num.SetOpened(p.num.Of(handle), path)
}

// paths numbers the paths in one argument of a call, or of what it is in one round of
// a loop: several for a variadic parameter.
func (p *packageOps) paths(call ssa.CallInstruction, c *ssa.CallCommon, row *fsapi.Func, arg int) []*fspath.Value {
	if arg == fsapi.Recv {
		return []*fspath.Value{p.num.NameOf(fspath.Arguments(c)[0])}
	}
	v := argument(c, arg)
	if v == nil {
		return nil
	}
	if row.Field != "" {
		return []*fspath.Value{p.num.FieldOf(v, row.Field, call)}
	}
	values := []ssa.Value{v}
	if c.Signature().Variadic() && arg == c.Signature().Params().Len()-1 {
		elems, ok := fspath.Elements(v)
		if !ok {
			return nil
		}
		values = elems
	}
	paths := make([]*fspath.Value, 0, len(values))
	for _, v := range values {
		path := p.num.Of(v)
		switch {
		case row.Has(fsapi.AtDir):
			dir := argument(c, arg-1)
			if dir == nil || immutable(dir) {
				return nil
			}
			if _, cwd := dir.(*ssa.Const); !cwd {
				path = p.num.Beneath(p.num.Of(dir), path)
			}
		case row.Has(fsapi.Beneath), c.IsInvoke():
			path = p.num.Beneath(p.fileSystem(fspath.Arguments(c)[0], call), path)
		}
		paths = append(paths, path)
	}
	return paths
}

// fileSystem numbers the file system that a method looks names up in: the receiver,
// or the one that the receiver is made of, where a struct embeds an interface.
//
//	var fs afero.Afero // struct{ afero.Fs }
//	fs.Exists(name)    // a method of the struct
//	fs.Remove(name)    // a method of fs.Fs: both look name up there
func (p *packageOps) fileSystem(recv ssa.Value, at ssa.Instruction) *fspath.Value {
	t := recv.Type()
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok && s.NumFields() == 1 && s.Field(0).Embedded() && types.IsInterface(s.Field(0).Type()) {
		return p.num.FieldOf(recv, s.Field(0).Name(), at)
	}
	return p.num.Of(recv)
}

// immutable reports whether a file system is compiled into the program.
func immutable(fsys ssa.Value) bool {
	if mk, ok := fsys.(*ssa.MakeInterface); ok {
		fsys = mk.X
	}
	return types.TypeString(fsys.Type(), nil) == "embed.FS"
}

// argument returns argument i of a call, the receiver not counted, or nil.
func argument(c *ssa.CallCommon, i int) ssa.Value {
	args := c.Args
	if !c.IsInvoke() && c.Signature().Recv() != nil {
		args = args[1:]
	}
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

// fileIn returns what gives all spellings of a path in fn one number.
func (p *packageOps) fileIn(fn *ssa.Function) func(*fspath.Value) *fspath.Value {
	moves := p.changesDir(fn)
	return func(v *fspath.Value) *fspath.Value { return p.num.File(v, moves) }
}

// changesDir reports whether fn itself changes the working directory.
func (p *packageOps) changesDir(fn *ssa.Function) bool {
	moves, ok := p.moving[fn]
	if !ok {
		moves = p.callsChdir(fn)
		p.moving[fn] = moves
	}
	return moves
}

func (p *packageOps) callsChdir(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if row := p.num.Row(call); row != nil && len(row.Ops) == 1 && row.Ops[0].Effect == fsapi.ChangeDir {
					return true
				}
			}
		}
	}
	return false
}

// opened records that result i of a call is a handle of path.
func (p *packageOps) opened(call ssa.CallInstruction, i int, path *fspath.Value) {
	if handle := result(call, i); handle != nil {
		p.num.SetOpened(p.num.Of(handle), path)
	}
}

// openedIn records that a field of result i of a call is a handle of path, or the
// result itself if the field is "".
func (p *packageOps) openedIn(call ssa.CallInstruction, i int, field string, path *fspath.Value) {
	if field == "" {
		p.opened(call, i, path)
		return
	}
	if v := result(call, i); v != nil {
		p.num.SetOpened(p.num.FieldAfter(v, field, call), path)
	}
}

// result returns the value that result i of a call is, or nil if it is not used.
func result(call ssa.CallInstruction, i int) ssa.Value {
	v, ok := call.(*ssa.Call)
	if !ok {
		return nil
	}
	if _, multi := v.Type().(*types.Tuple); !multi {
		return v
	}
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

// through collects the operations that a call performs by what its callee's
// summary says.
func (p *packageOps) through(s *site, call ssa.CallInstruction, obj *types.Func, sum *Summary) {
	for i := range sum.Paths {
		ps := &sum.Paths[i]
		path := p.num.Instantiate(ps.Path, call.Common(), call)
		if path == nil {
			continue
		}
		p.performed(s, call, obj, ps, path)
		if ps.Opens > 0 {
			p.openedIn(call, ps.Opens-1, ps.OpensField, s.file(path))
		}
		for _, round := range inRounds(call.Common()) {
			if other := p.num.Instantiate(ps.Path, round, call); other != nil && other != path {
				first := len(s.ops)
				p.performed(s, call, obj, ps, other)
				for _, op := range s.ops[first:] {
					op.Opens = false // which of the files the handle is of is not known
				}
			}
		}
	}
}

// performed collects what a callee does to one path.
func (p *packageOps) performed(s *site, call ssa.CallInstruction, obj *types.Func, ps *PathSummary, path *fspath.Value) {
	ours := obj == nil || obj.Pkg() == p.pass.Pkg
	for _, o := range ps.Ops {
		row := p.settings.Table.Lookup(o.Func)
		if row == nil {
			row = cmp.Or(fsapi.ShapeOf(o.Func), fsapi.ShapeAfterContext(o.Func))
		}
		if row == nil {
			continue
		}
		given, performed := givenThrough(call, o.Given)
		if !performed {
			continue
		}
		op := &Op{Effect: o.Effect, Path: path, Row: row, Via: obj, In: o.In, Handle: o.Handle, Perm: o.Perm, Guarded: o.Guarded, Opens: ps.Opens > 0 && opens(row)}
		op.Answers, op.given = o.Answers, given
		if o.FlagsIn > 0 {
			op.Effect, op.NoFollow, op.flags = p.effectOfHanded(call.Common(), handedFlags{o.FlagsIn, o.FlagsSet})
		}
		if args := fspath.Arguments(call.Common()); o.PermIn > 0 && o.PermIn <= len(args) {
			op.Perm, op.permIn = perm(args[o.PermIn-1])
		}
		if ours {
			op.Deep = o.deep
		}
		s.add(op, ps.outcomes)
	}
}

// literal collects the operations of a function literal that is called, or
// passed to a function that may call it.
func (p *packageOps) literal(s *site, lit *ssa.Function, called bool) {
	f := p.funcs[lit]
	if f == nil {
		return
	}
	for _, inner := range f.Ops {
		if inner.Deferred || !visibleOutside(inner.Path, lit) {
			continue
		}
		op := *inner
		if !isWithin(lit, s.in) {
			op.At = token.NoPos // it is in a variable: the reader sees the call
		}
		tell := nothingKnown
		if called {
			tell = func() *outcomes { return p.outcomesOf(f, inner.Path) }
		}
		s.add(&op, tell)
	}
}

// throughLiteral collects the operations of a call of a function literal on paths
// that it passes as arguments.
//
//	func(path string) { os.Remove(path) }(name)
func (p *packageOps) throughLiteral(s *site, call ssa.CallInstruction, lit *ssa.Function) {
	sum := p.summaries[lit]
	if sum == nil {
		return
	}
	passed := &Summary{Paths: slices.DeleteFunc(slices.Clone(sum.Paths), func(ps PathSummary) bool { return !ps.Path.HasParam() })}
	first := len(s.ops)
	p.through(s, call, nil, passed)
	for _, op := range s.ops[first:] {
		if isWithin(lit, call.Parent()) {
			op.At = op.Deep
		}
	}
}

// isWithin reports whether a function literal is inside fn.
func isWithin(lit, fn *ssa.Function) bool {
	for f := lit.Parent(); f != nil; f = f.Parent() {
		if f == fn {
			return true
		}
	}
	return false
}

// visibleOutside reports whether no part of a path is computed within lit.
func visibleOutside(v *fspath.Value, lit *ssa.Function) bool {
	return v.Walk(func(w *fspath.Value) bool { return !w.Within(lit) })
}

// literal returns the function literal that v is made from.
func literal(v ssa.Value) (*ssa.Function, bool) {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		fn := v.Fn.(*ssa.Function)
		return fn, fn.Parent() != nil
	case *ssa.Function:
		return v, v.Parent() != nil
	case *ssa.ChangeType:
		return literal(v.X)
	}
	return nil, false
}

// calleeSummary returns what is known of the callee of a call.
func (p *packageOps) calleeSummary(c *ssa.CallCommon, obj *types.Func) *Summary {
	if c.IsInvoke() {
		return p.ofInterface(c)
	}
	return p.summary(c.StaticCallee(), obj)
}

// result returns what result i of a call is in terms of its arguments, or nil.
func (p *packageOps) result(c *ssa.CallCommon, i int) *fspath.Expr {
	if sum := p.calleeSummary(c, fspath.Callee(c)); sum != nil {
		return sum.result(i)
	}
	return nil
}

// resultField returns what a field of result i of a call is in terms of its
// arguments, or nil.
func (p *packageOps) resultField(c *ssa.CallCommon, i int, field string) *fspath.Expr {
	if sum := p.calleeSummary(c, fspath.Callee(c)); sum != nil {
		return sum.resultField(i, field)
	}
	return nil
}

// from returns the origins of the paths that a call returns.
func (p *packageOps) from(c *ssa.CallCommon) fspath.Origins {
	if sum := p.calleeSummary(c, fspath.Callee(c)); sum != nil {
		return sum.From
	}
	return 0
}

// integer returns the constant that v is, or -1.
func integer(v ssa.Value) int64 {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		if i, exact := constant.Int64Val(constant.ToInt(c.Value)); exact {
			return i
		}
	}
	return -1
}
