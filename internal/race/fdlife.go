package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// FDLife is a descriptor that is used after its file is closed.
const FDLife Kind = "fdlife"

// What can be wrong with a descriptor.
const (
	Unowned     Aspect = "unowned"      // Check uses it after the last use of its file
	HandedOut   Aspect = "handed out"   // it leaves the function, and its file does not
	ClosedFirst Aspect = "closed first" // it is returned, and a deferred Close closes it before the caller has it
	Adopted     Aspect = "adopted"      // a second file owns it
	ClosedTwice Aspect = "closed twice" // it is closed behind its file's back
)

// The reasons of fdLife.
var (
	fdUnowned     = Reason{"descriptor-unowned", "nothing refers to the file while the descriptor is used", Report, medium}
	fdHandedOut   = Reason{"descriptor-leaves-file", "the descriptor leaves the function without its file", Report, medium}
	fdClosedFirst = Reason{"descriptor-closed-first", "a deferred Close runs before the caller receives the descriptor", Report, medium}
	fdAdopted     = Reason{"descriptor-adopted-twice", "each of the two files closes the descriptor when it is closed or collected", Report, medium}
	fdClosedTwice = Reason{"descriptor-closed-twice", "the file closes the descriptor again when it is closed or collected", Report, medium}
)

// fdLife finds where a file descriptor is used after its file may have been
// closed: by a second owner, or by the garbage collector, which closes a file when
// nothing refers to it.
//
// It is about handles, so it looks at each function once, not at each path.
func fdLife(ops *pathops.Result, f *pathops.Func) []*Finding {
	var found []*Finding
	for _, b := range f.Fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !fspath.Known(call).Has(fsapi.Descriptor) {
				continue
			}
			d := &descriptor{ops: ops, call: call, file: fspath.Arguments(call.Common())[0]}
			d.fd = carry(call)
			finding := d.owners()
			if finding == nil {
				finding = d.outlives()
			}
			if finding != nil {
				found = append(found, finding)
			}
		}
	}
	return found
}

// descriptor is a call of the Fd method of a file.
type descriptor struct {
	ops  *pathops.Result
	call *ssa.Call
	file ssa.Value
	fd   map[ssa.Value]bool // the values that hold the descriptor
}

// finding returns a finding at the call, or, for one that concerns another call
// alone, there.
func (d *descriptor) finding(what Aspect, at ssa.CallInstruction, reason Reason) *Finding {
	use := &pathops.Op{Row: fspath.Known(at), Path: d.ops.Numbers.NameOf(d.file), Call: at, At: at.Pos(), Deep: at.Pos(), Perm: -1, Handle: true}
	return &Finding{Kind: FDLife, Use: use, Aspect: what, Reason: reason}
}

// owners finds what else closes the descriptor but its file.
func (d *descriptor) owners() *Finding {
	var first *Finding
	for v := range d.fd {
		for _, ref := range *v.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if !ok || first != nil && first.Use.At <= call.Pos() {
				continue
			}
			switch row := fspath.Known(call); {
			case row.Has(fsapi.Adopts):
				first = d.finding(Adopted, call, fdAdopted)
			case row.Has(fsapi.ClosesDescriptor):
				first = d.finding(ClosedTwice, call, fdClosedTwice)
			}
		}
	}
	return first
}

// outlives finds a use of the descriptor after the last use of its file, if the
// file is one that this function has opened and that nothing else refers to.
func (d *descriptor) outlives() *Finding {
	origins := d.origins()
	if len(origins) == 0 {
		return nil
	}
	file, ok := references(origins)
	if !ok {
		return nil
	}
	var worst *Finding
	for _, use := range uses(d.fd) {
		if ret, ok := use.(*ssa.Return); ok && closedBefore(file, ret) {
			return d.finding(ClosedFirst, d.call, fdClosedFirst)
		}
		if file.aliveAfter(use, origins) {
			continue
		}
		switch use := use.(type) {
		case *ssa.Call:
			if worst == nil {
				worst = d.finding(Unowned, d.call, fdUnowned)
				worst.Check = anyCall(use)
			}
		default:
			return d.finding(HandedOut, d.call, fdHandedOut)
		}
	}
	return worst
}

// origins returns the values in which this function has received the file from
// what has opened it; none if it, or one of the files that it may be, comes from
// elsewhere: then other code refers to it, too.
func (d *descriptor) origins() map[ssa.Value]bool {
	all := make(map[ssa.Value]bool)
	work := []ssa.Value{d.file}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if all[v] {
			continue
		}
		all[v] = true
		switch v := v.(type) {
		case *ssa.Phi:
			work = append(work, v.Edges...)
		case *ssa.ChangeType:
			work = append(work, v.X)
		case *ssa.Const:
		case *ssa.Extract:
			if call, ok := v.Tuple.(*ssa.Call); !ok || !d.opens(call, v) {
				return nil
			}
		case *ssa.Call:
			if !d.opens(v, v) {
				return nil
			}
		default:
			return nil
		}
	}
	return all
}

// opens reports whether a call returns a file, in v, that no other code refers to.
//
//	f, err := os.Open(path)                  // no other reference
//	f := os.NewFile(uintptr(fd), "name")     // no other reference
//	f := s.file                              // the object refers to it, too
func (d *descriptor) opens(call *ssa.Call, v ssa.Value) bool {
	if row := d.ops.Row(call); row != nil {
		return row.Gives == fsapi.Handle || row.Gives == fsapi.NewFile || row.Has(fsapi.Adopts) || row.Has(fsapi.Duplicates)
	}
	return d.ops.Numbers.Opened(d.ops.Numbers.Of(v)) != nil
}

// fileRefs is what refers to a file in one function.
type fileRefs struct {
	at       map[ssa.Instruction]bool
	deferred []*ssa.Defer
}

// references returns what refers to a file. It fails if the file may be
// referred to from elsewhere: if it is stored, captured, or passed to a
// function that may keep it.
func references(origins map[ssa.Value]bool) (*fileRefs, bool) {
	refs := &fileRefs{at: make(map[ssa.Instruction]bool)}
	seen := make(map[ssa.Value]bool)
	var work []ssa.Value
	for v := range origins {
		work = append(work, v)
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[v] || v.Referrers() == nil {
			continue
		}
		seen[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.DebugRef, *ssa.BinOp:
			case *ssa.Phi, *ssa.ChangeType:
				work = append(work, ref.(ssa.Value))
			case *ssa.MakeInterface, *ssa.ChangeInterface:
				work = append(work, ref.(ssa.Value))
			case *ssa.Return:
				refs.at[ref] = true
			case *ssa.Call:
				if !borrows(ref.Common(), v) {
					return nil, false
				}
				refs.at[ref] = true
			case *ssa.Defer:
				if !borrows(ref.Common(), v) {
					return nil, false
				}
				refs.deferred = append(refs.deferred, ref)
			default:
				return nil, false
			}
		}
	}
	return refs, true
}

// borrows reports whether a call that is given a file keeps no reference to it:
// one of its own methods, but for those whose result leads back to it, and
// runtime.KeepAlive.
//
//	f.Write(data); runtime.KeepAlive(f)  // keep no reference
//	conn, err := f.SyscallConn()         // conn refers to f
//	io.Copy(f, from)                     // is not known
func borrows(c *ssa.CallCommon, file ssa.Value) bool {
	fn := fspath.Callee(c)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if fsapi.Lookup(fn.FullName()).Has(fsapi.KeepsAlive) {
		return true
	}
	args := fspath.Arguments(c)
	if fn.Signature().Recv() == nil || len(args) == 0 || args[0] != file || slices.Contains(args[1:], file) {
		return false
	}
	for v := range c.Signature().Results().Variables() {
		if _, isInterface := v.Type().Underlying().(*types.Interface); isInterface && v.Type().String() != "error" {
			return false // the result of SyscallConn refers to the file
		}
	}
	return true
}

// aliveAfter reports whether something refers to the file after instr, which
// keeps it from being collected while instr runs.
func (r *fileRefs) aliveAfter(instr ssa.Instruction, origins map[ssa.Value]bool) bool {
	if r.at[instr] {
		return true // the file goes where its descriptor goes
	}
	if _, returns := instr.(*ssa.Return); returns {
		return false
	}
	if len(r.deferred) > 0 {
		return true
	}
	return findAfter(instr, func(i ssa.Instruction) (refers, anew bool) {
		v, isValue := i.(ssa.Value)
		_, isPhi := i.(*ssa.Phi)
		return r.at[i], isValue && origins[v] && !isPhi // opened anew, another file begins
	})
}

// closedBefore reports whether a Close of the file has been deferred on every
// way to a return.
func closedBefore(refs *fileRefs, ret *ssa.Return) bool {
	for _, d := range refs.deferred {
		fn := fspath.Callee(d.Common())
		if fn != nil && fsapi.Lookup(fn.FullName()).Has(fsapi.Closes) && d.Block().Dominates(ret.Block()) {
			return true
		}
	}
	return false
}

// carry returns the values that hold a descriptor: conversions of it, the
// variables and structs that it is put into, and the paths that name it.
func carry(fd ssa.Value) map[ssa.Value]bool {
	held := make(map[ssa.Value]bool)
	work := []ssa.Value{fd}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if held[v] || v.Referrers() == nil {
			continue
		}
		held[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Convert, *ssa.ChangeType, *ssa.MakeInterface, *ssa.Phi, *ssa.Slice:
				work = append(work, ref.(ssa.Value))
			case *ssa.UnOp:
				if _, isStruct := ref.Type().Underlying().(*types.Struct); isStruct || held[justStored(ref)] {
					work = append(work, ref)
				}
			case *ssa.Store:
				if alloc := allocOf(ref.Addr); ref.Val == v && alloc != nil {
					work = append(work, alloc)
				}
			case *ssa.BinOp:
				if isText(ref) {
					work = append(work, ref) // "/proc/self/fd/" + …
				}
			case *ssa.Call:
				if row := fspath.Known(ref); row != nil && row.Gives == fsapi.Pure {
					work = append(work, ref)
				}
			}
		}
	}
	return held
}

// justStored returns what a load reads that a store in the same block has
// written: the result of a function with deferred calls, or nil.
func justStored(load *ssa.UnOp) ssa.Value {
	var val ssa.Value
	for _, instr := range load.Block().Instrs {
		if instr == ssa.Instruction(load) {
			break
		}
		if store, ok := instr.(*ssa.Store); ok && store.Addr == load.X {
			val = store.Val
		}
	}
	return val
}

// allocOf returns the local variable that an address lies in, or nil.
func allocOf(addr ssa.Value) *ssa.Alloc {
	for {
		switch a := addr.(type) {
		case *ssa.Alloc:
			return a
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return nil
		}
	}
}

// uses lists the instructions that use a descriptor, in source order: calls
// that take it, returns, and stores to where others see it.
func uses(fd map[ssa.Value]bool) []ssa.Instruction {
	var list []ssa.Instruction
	for v := range fd {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Call:
				if usesDescriptor(ref, v) {
					list = append(list, ref)
				}
			case *ssa.Return, *ssa.Send, *ssa.MapUpdate:
				if !isText(v) {
					list = append(list, ref)
				}
			case *ssa.Store:
				if ref.Val == v && !isText(v) && allocOf(ref.Addr) == nil {
					list = append(list, ref)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b ssa.Instruction) int { return int(a.Pos() - b.Pos()) })
	return slices.Compact(list)
}

// usesDescriptor reports whether a call that is given v, which holds a
// descriptor, does anything with it but print it.
func usesDescriptor(call *ssa.Call, v ssa.Value) bool {
	if isText(v) {
		return fspath.Known(call).Touches() // a path that names it
	}
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return false
	}
	t := v.Type().Underlying()
	if s, ok := t.(*types.Slice); ok {
		t = s.Elem().Underlying()
	}
	_, operand := t.(*types.Interface)
	return !operand
}

func isText(v ssa.Value) bool {
	b, ok := v.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
