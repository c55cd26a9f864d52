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

// What can be wrong with a number.
const (
	SharedNumber Aspect = "shared number" // a file owns it, and another file, or a close of it, does so, too
	ClosedAgain  Aspect = "closed again"  // two calls close it
)

// Why it matters that two parties close a number.
var (
	fdSharedNumber = Reason{"descriptor-number-shared", "the number may belong to another file when the second owner closes it", Report, medium}
	fdClosedAgain  = Reason{"descriptor-closed-again", "the number may belong to another file when it is closed a second time", Report, medium}
)

// numberOwners finds descriptor numbers that two parties close: a file and a
// close(2) of the number, two files, or two calls of close(2). After the first of
// the two the number may be another file's, which the second one closes.
//
// It follows numbers, wherever they come from, so it looks at all functions of a
// package together: a number in a field is often closed by another method.
func numberOwners(ev *evidence, _ []*Finding) []*Finding {
	ops := ev.ops
	o := &owners{
		ops:    ops,
		funcs:  make(map[*ssa.Function]*pathops.Func),
		uses:   make(map[*ssa.Function][]numberUse),
		closed: make(map[*types.Var][]numberUse),
	}
	for _, f := range ops.Funcs {
		o.funcs[f.Fn] = f
	}
	var found []*Finding
	for _, f := range ops.Funcs {
		uses := o.usesIn(f.Fn)
		found = append(found, o.pairs(f.Fn, uses)...)
		if !ops.InTest(f.Fn) {
			o.noteFields(uses)
		}
	}
	return append(found, o.fields()...)
}

// owners follows the numbers of the functions of one package.
type owners struct {
	ops     *pathops.Result
	funcs   map[*ssa.Function]*pathops.Func
	uses    map[*ssa.Function][]numberUse // what was found; nil while it is looked for
	adopted []adoption                    // of a number in a field
	closed  map[*types.Var][]numberUse    // by the field that holds the number
}

// adoption makes a file of a number in a field.
type adoption struct {
	numberUse
	field  *types.Var
	stored bool // the function has stored the number there: it is there ever after
}

// number identifies a descriptor number within one function.
//
//	n, err := unix.Open(dir, flags, 0)              // value
//	n, err := strconv.Atoi(os.Getenv("READY_FD"))   // parsed from value
//	fds, err := unix.Socketpair(domain, typ, proto) // fds[1]: array and index
type number struct {
	value  *fspath.Value
	parsed bool
	array  ssa.Value
	index  int64
}

// numberUse is a call that creates an owner of a number.
type numberUse struct {
	number
	root   ssa.Value           // the number, conversions left aside
	call   ssa.CallInstruction // in the function that the use is listed for
	at     ssa.CallInstruction // that names the function of the table, perhaps in a callee
	closes bool                // close(2) closes it; else an os.File owns it from here on
}

// deferred reports whether the use is made when the function ends.
func (u numberUse) deferred() bool {
	_, ok := u.call.(*ssa.Defer)
	return ok
}

// maxOwnerDepth bounds through how many callees a number is followed.
const maxOwnerDepth = 3

// usesIn lists the uses in a function, those of its callees in the package
// included where they are sure to be made.
func (o *owners) usesIn(fn *ssa.Function) []numberUse { return o.usesWithin(fn, 0) }

func (o *owners) usesWithin(fn *ssa.Function, depth int) []numberUse {
	if uses, ok := o.uses[fn]; ok {
		return uses
	}
	o.uses[fn] = nil // for recursion
	var uses []numberUse
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if _, concurrent := instr.(*ssa.Go); !ok || concurrent {
				continue
			}
			uses = append(uses, o.usesOf(call, depth)...)
		}
	}
	if depth > 0 {
		delete(o.uses, fn) // it may be cut short
	} else {
		o.uses[fn] = uses
	}
	return uses
}

// usesOf lists the uses that a call makes.
func (o *owners) usesOf(call ssa.CallInstruction, depth int) []numberUse {
	common := call.Common()
	if row := fspath.Known(call); row.Has(fsapi.Adopts) || row.Has(fsapi.ClosesDescriptor) {
		root := bare(common.Args[0])
		return []numberUse{{o.number(root), root, call, call, row.Has(fsapi.ClosesDescriptor)}}
	}
	callee := common.StaticCallee()
	if callee == nil || o.funcs[callee] == nil || depth == maxOwnerDepth {
		return nil
	}
	var uses []numberUse
	for _, inner := range o.usesWithin(callee, depth+1) {
		if !sure(inner) {
			continue
		}
		outer := numberUse{call: call, at: inner.at, closes: inner.closes}
		switch {
		case inner.inherited():
			outer.number, outer.root = inner.number, inner.root
		case callee.Parent() != nil && inner.value != nil && !inner.value.Within(callee):
			outer.number, outer.root = inner.number, inner.root // of the function around
		default:
			i := slices.IndexFunc(callee.Params, func(p *ssa.Parameter) bool { return inner.root == ssa.Value(p) })
			if i < 0 || i >= len(common.Args) {
				continue
			}
			outer.root = bare(common.Args[i])
			outer.number = o.number(outer.root)
		}
		uses = append(uses, outer)
	}
	return uses
}

// inherited reports whether a number is the same in every function: it came with
// the process.
//
//	os.NewFile(3, "pipe")
//	n, err := strconv.Atoi(os.Getenv("READY_FD"))
func (n number) inherited() bool {
	if n.value == nil {
		return false
	}
	if n.parsed {
		return n.value.Walk(func(v *fspath.Value) bool { return v.Kind == fspath.Pure || v.Kind == fspath.Const })
	}
	return n.value.Kind == fspath.Const
}

// number identifies a value without conversions.
func (o *owners) number(v ssa.Value) number {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if array, index, ok := element(load.X); ok {
			return number{array: array, index: index}
		}
	}
	if x, ok := v.(*ssa.Extract); ok {
		if call, ok := x.Tuple.(*ssa.Call); ok && x.Index == 0 && fspath.Known(call).Has(fsapi.ParsesNumber) {
			return number{value: o.ops.Numbers.Of(call.Call.Args[0]), parsed: true}
		}
	}
	return number{value: o.ops.Numbers.Of(v)}
}

// element returns the array and the constant index that an address is of, where
// the elements of a local array are set all at once and never one by one.
//
//	fds, err := unix.Socketpair(domain, typ, proto)
//
//	p := make([]int, 2)
//	err := unix.Pipe2(p, flags)
func element(addr ssa.Value) (ssa.Value, int64, bool) {
	x, ok := addr.(*ssa.IndexAddr)
	if !ok {
		return nil, 0, false
	}
	index, ok := x.Index.(*ssa.Const)
	if !ok {
		return nil, 0, false
	}
	array := x.X
	if slice, ok := array.(*ssa.Slice); ok {
		array = slice.X
	}
	alloc, ok := array.(*ssa.Alloc)
	if !ok || fillers(alloc) == nil {
		return nil, 0, false
	}
	return alloc, index.Int64(), true
}

// fillers lists the instructions that set the elements of an array; nil if others
// than those of element do.
func fillers(array *ssa.Alloc) []ssa.Instruction {
	var list []ssa.Instruction
	for work := []ssa.Value{array}; len(work) > 0; {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Slice:
				work = append(work, ref)
			case *ssa.Store:
				if ref.Addr != ssa.Value(array) {
					return nil
				}
				list = append(list, ref)
			case *ssa.Call:
				if fspath.Known(ref) == nil {
					return nil
				}
				list = append(list, ref)
			case *ssa.IndexAddr:
				if slices.ContainsFunc(*ref.Referrers(), func(r ssa.Instruction) bool { return !isLoad(r) }) {
					return nil
				}
			case *ssa.DebugRef:
			default:
				return nil
			}
		}
	}
	return list
}

func isLoad(instr ssa.Instruction) bool {
	load, ok := instr.(*ssa.UnOp)
	return ok && load.Op == token.MUL
}

// born lists the instructions after which a number is another one.
func (n number) born() map[ssa.Instruction]bool {
	born := make(map[ssa.Instruction]bool)
	if n.array != nil {
		for _, instr := range fillers(n.array.(*ssa.Alloc)) {
			born[instr] = true
		}
		return born
	}
	for _, leaf := range n.value.Leaves() {
		if leaf.Instr != nil {
			born[leaf.Instr] = true
		} else {
			born[leaf.Block.Instrs[0]] = true
		}
	}
	return born
}

// pairs finds two owners of one number in one function.
func (o *owners) pairs(fn *ssa.Function, uses []numberUse) []*Finding {
	var found []*Finding
	for i, first := range uses {
		for j, then := range uses {
			if first.number != then.number || o.standard(first) {
				continue
			}
			switch {
			case !first.closes && then.closes:
				// The file closes the number at some time, whatever comes first.
				if i != j && o.both(first, then) {
					found = append(found, o.finding(fn, SharedNumber, first, then))
				}
			case !first.closes && !then.closes:
				if o.follows(first, then) {
					found = append(found, o.finding(fn, SharedNumber, then, first))
				}
			case first.closes && then.closes:
				if i != j && o.closesAgain(first, then) {
					found = append(found, o.finding(fn, ClosedAgain, then, first))
				}
			}
		}
	}
	return found
}

// standard reports whether a use is of the standard input, output or error: to
// close these or to make files of them is how a daemon lets go of a terminal.
func (o *owners) standard(u numberUse) bool {
	c, ok := u.root.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() <= 2
}

func (o *owners) finding(fn *ssa.Function, what Aspect, use, other numberUse) *Finding {
	path := use.value
	if path == nil {
		path = o.ops.Numbers.Of(use.root)
	}
	op := anyCall(use.call)
	op.Path, op.Handle = path, true
	reason := fdSharedNumber
	if what == ClosedAgain {
		reason = fdClosedAgain
	}
	return &Finding{Kind: FDLife, Use: op, Check: anyCall(other.call), Aspect: what, Reason: reason, Fn: fn}
}

// both reports whether an adoption and a close of one number happen in one run.
func (o *owners) both(adopt, shut numberUse) bool {
	if exclusive(adopt.call, shut.call) || refused(adopt, shut) {
		return false
	}
	if shut.deferred() && !sure(shut) && !always(adopt.call, shut.call) {
		return false
	}
	return o.follows(adopt, shut) || o.follows(shut, adopt)
}

// closesAgain reports whether then closes a number that first has closed.
func (o *owners) closesAgain(first, then numberUse) bool {
	switch {
	case exclusive(first.call, then.call):
		return false
	case first.deferred() && then.deferred():
		return o.follows(then, first) // the one that is deferred first runs last
	case first.deferred():
		return false
	case then.deferred():
		return o.follows(first, then) || o.follows(then, first)
	}
	return o.follows(first, then)
}

// always reports whether a deferred call is in place whenever call runs.
func always(call, deferred ssa.CallInstruction) bool {
	return deferred.Block() == call.Block() || deferred.Block().Dominates(call.Block())
}

// follows reports whether the call of then is reached after that of first with the
// same number.
func (o *owners) follows(first, then numberUse) bool {
	return leads(first.call, then.call, first.born())
}

// refused reports whether the number is closed only where no file was made of it.
//
//	f := os.NewFile(uintptr(n), name)
//	if f == nil {
//		unix.Close(n)
//	}
func refused(adopt, shut numberUse) bool {
	return slices.ContainsFunc(conditions(shut.call.Block()), func(c fate.Condition) bool {
		file, isNil := nilCompared(c)
		if !isNil {
			return false
		}
		if phi, ok := file.(*ssa.Phi); ok {
			return slices.ContainsFunc(phi.Edges, func(e ssa.Value) bool { return e == adopt.call.Value() })
		}
		return file == ssa.Value(adopt.call.Value())
	})
}

// sure reports whether a use is made whenever its function runs to the end, but
// for questions that are about the number itself.
//
//	func shut(n int) { // sure
//		if n >= 0 {
//			unix.Close(n)
//		}
//	}
//
//	defer func() { // not sure
//		if err != nil {
//			unix.Close(n)
//		}
//	}()
func sure(u numberUse) bool {
	for _, c := range conditions(u.at.Block()) {
		cmp, ok := c.Cond.(*ssa.BinOp)
		if !ok || bare(cmp.X) != u.root && bare(cmp.Y) != u.root {
			return false
		}
	}
	return true
}

// noteFields records the uses of numbers that are read from a field.
func (o *owners) noteFields(uses []numberUse) {
	for _, u := range uses {
		if u.at != u.call {
			continue // recorded in the callee
		}
		field, _ := fieldOf(u.root)
		switch {
		case field != nil && u.closes:
			o.closed[field] = append(o.closed[field], u)
		case field != nil:
			o.adopted = append(o.adopted, adoption{u, field, false})
		case !u.closes:
			for _, field := range storedIn(u.root) {
				o.adopted = append(o.adopted, adoption{u, field, true})
			}
		}
	}
}

// storedIn lists the fields that a number is stored to.
//
//	fd, err := unix.Open(path, flags, 0)
//	return &device{fd: fd, file: os.NewFile(uintptr(fd), path)}, nil
func storedIn(n ssa.Value) (fields []*types.Var) {
	for v := range sameNumber(n) {
		for _, ref := range *v.Referrers() {
			if store, ok := ref.(*ssa.Store); ok && store.Val == v {
				if addr, ok := store.Addr.(*ssa.FieldAddr); ok {
					fields = append(fields, structField(addr))
				}
			}
		}
	}
	return fields
}

// fieldOf returns the field that a value is read from, and the address of its
// struct.
func fieldOf(v ssa.Value) (*types.Var, ssa.Value) {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, nil
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil, nil
	}
	return structField(addr), addr.X
}

func structField(addr *ssa.FieldAddr) *types.Var {
	return addr.X.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct).Field(addr.Field)
}

// fields finds numbers in a field that one function makes a file of and another
// one closes.
//
//	func (c *conn) file() *os.File { return os.NewFile(uintptr(c.fd), "conn") }
//	func (c *conn) close() error   { return unix.Close(c.fd) }
//
//	return &conn{fd: fd, file: os.NewFile(uintptr(fd), "conn")} // and c.fd is closed elsewhere
//
// The twin gives the number away, so that nothing is left to close:
//
//	func (c *conn) file() *os.File {
//		f := os.NewFile(uintptr(c.fd), "conn")
//		c.fd = -1
//		return f
//	}
func (o *owners) fields() []*Finding {
	var found []*Finding
	for _, adopt := range o.adopted {
		fn := adopt.call.Parent()
		if !adopt.stored && sets(fn, adopt.field) {
			continue
		}
		for _, shut := range o.closed[adopt.field] {
			if shut.call.Parent() != fn && o.shutsOthers(adopt.field, shut) {
				found = append(found, o.finding(fn, SharedNumber, adopt.numberUse, shut))
				break
			}
		}
	}
	return found
}

// sets reports whether a function, or a literal in it, stores to a field.
func sets(fn *ssa.Function, field *types.Var) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok {
				if addr, ok := store.Addr.(*ssa.FieldAddr); ok && structField(addr) == field {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(lit *ssa.Function) bool { return sets(lit, field) })
}

// shutsOthers reports whether a close of a field's number is of an object that
// others have seen, and does not depend on what else the object holds.
//
//	if c.file != nil {
//		return c.file.Close()
//	}
//	return unix.Close(c.fd) // it depends on c.file
func (o *owners) shutsOthers(field *types.Var, shut numberUse) bool {
	if _, object := fieldOf(shut.root); isFresh(object) {
		return false // a constructor that fails
	}
	return !slices.ContainsFunc(conditions(shut.call.Block()), func(c fate.Condition) bool { return testsOther(c.Cond, field) })
}

func isFresh(object ssa.Value) bool {
	_, ok := object.(*ssa.Alloc)
	return ok
}

// testsOther reports whether a condition is about a field other than the given one.
func testsOther(cond ssa.Value, but *types.Var) bool {
	switch c := cond.(type) {
	case *ssa.BinOp:
		return testsOther(c.X, but) || testsOther(c.Y, but)
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return testsOther(c.X, but)
		}
	}
	field, _ := fieldOf(cond)
	return field != nil && field != but
}
