package race

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// lockEffect is what a function of the package does to a lock which holds within the
// process: it takes it, or gives it back.
//
//	func (s *store) lock()   { s.mu.Lock() }
//	func (s *store) unlock() { s.mu.Unlock() }
//
// A lock of its own making waits for a flag or a counter, and sets it:
//
//	func (g *gate) begin() {
//		g.mu.Lock()
//		defer g.mu.Unlock()
//		for g.busy {
//			g.cond.Wait()
//		}
//		g.busy = true
//	}
//	func (g *gate) end() { g.mu.Lock(); g.busy = false; g.cond.Broadcast(); g.mu.Unlock() }
//
// A queue waits as well, but what it waits for is no flag:
//
//	for len(q.items) == 0 {
//		q.cond.Wait()
//	}
//	first, q.items = q.items[0], q.items[1:]
type lockEffect struct {
	takes, gives bool
	flags        []string // the fields that are set, by their types; nil if a mutex is the lock
}

// ownLocks is what the functions of a package do to locks.
type ownLocks struct {
	ops *pathops.Result
	of  map[*ssa.Function]lockEffect
	// marks are, by function, the calls that take or give back a lock, dominating ones
	// first.
	marks map[*ssa.Function][]mark
}

// mark is a call that takes a lock, or gives one back.
type mark struct {
	call  *ssa.Call
	takes bool
}

func newOwnLocks(ops *pathops.Result) *ownLocks {
	return &ownLocks{ops: ops, of: make(map[*ssa.Function]lockEffect), marks: make(map[*ssa.Function][]mark)}
}

// lockEffect returns what a function does to locks when it is called.
//
//	func (s *store) begin() { s.mu.Lock() }              // takes
//	func (s *store) end()   { s.mu.Unlock() }            // gives
//	func (s *store) enter() {                            // takes, with the flag s.busy
//		s.mu.Lock(); for s.busy { s.cond.Wait() }; s.busy = true; s.mu.Unlock()
//	}
//
// Not a function that gives back what it takes:
//
//	func (s *store) size() int { s.mu.Lock(); defer s.mu.Unlock(); return s.n }
func (l *ownLocks) lockEffect(fn *ssa.Function) lockEffect {
	if known, ok := l.of[fn]; ok {
		return known
	}
	var takes, gives, waits, wakes bool
	var flags []string
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				row := l.ops.Row(instr)
				_, now := instr.(*ssa.Call)
				takes = takes || now && row.Has(fsapi.LocksProcess)
				gives = gives || row.Has(fsapi.Unlocks)
				waits = waits || now && row.Has(fsapi.Waits) && leadsBackTo(b)
				wakes = wakes || row.Has(fsapi.Wakes)
			case *ssa.Store:
				if flag := flagOf(instr.Addr); flag != "" {
					flags = append(flags, flag)
				}
			}
		}
	}
	var of lockEffect
	switch {
	case waits && len(flags) > 0:
		of = lockEffect{takes: true, flags: flags}
	case wakes && !waits && len(flags) > 0:
		of = lockEffect{gives: true, flags: flags}
	case takes != gives:
		of = lockEffect{takes: takes, gives: gives}
	}
	l.of[fn] = of
	return of
}

// flagOf names the field or variable at an address, if it is a flag or a counter.
func flagOf(addr ssa.Value) string {
	ptr, ok := addr.Type().Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	if b, ok := ptr.Elem().Underlying().(*types.Basic); !ok || b.Info()&(types.IsBoolean|types.IsInteger) == 0 {
		return ""
	}
	switch a := addr.(type) {
	case *ssa.Global:
		return a.Name()
	case *ssa.FieldAddr:
		return types.TypeString(a.X.Type(), nil) + "." + nameOfField(a)
	}
	return ""
}

func nameOfField(a *ssa.FieldAddr) string {
	ptr, ok := a.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	return ptr.Elem().Underlying().(*types.Struct).Field(a.Field).Name()
}

// leadsBackTo reports whether a block is in a loop.
func leadsBackTo(b *ssa.BasicBlock) bool {
	return slices.ContainsFunc(b.Succs, func(s *ssa.BasicBlock) bool { return leadsBack(s, b) })
}

// marksIn lists the calls of a function that take or give back a lock. One that takes a
// lock by a function of the package counts if the same function gives it back, now or
// when it ends.
//
//	s.begin() // takes: func (s *store) begin() { s.mu.Lock() }
//	defer s.end()
//
// Not a call that leaves a lock to another function to give back:
//
//	func (s *store) open() { s.begin() }
func (l *ownLocks) marksIn(fn *ssa.Function) []mark {
	if list, ok := l.marks[fn]; ok {
		return list
	}
	given := make(map[string]bool) // the flags, "" for a mutex
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				for _, flag := range l.givenBack(call) {
					given[flag] = true
				}
			}
		}
	}
	var list []mark
	for _, b := range fn.DomPreorder() {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			switch row, of := l.ops.Row(call), l.callee(call); {
			case row.Has(fsapi.Unlocks), of.gives:
				list = append(list, mark{call, false})
			case row.Has(fsapi.LocksProcess):
				list = append(list, mark{call, true})
			case of.takes && (of.flags == nil && given[""] || slices.ContainsFunc(of.flags, func(f string) bool { return given[f] })):
				list = append(list, mark{call, true})
			}
		}
	}
	list = append(list, l.foreign(fn)...)
	l.marks[fn] = list
	return list
}

// foreign lists the calls of methods of locks of other packages: of an object that holds
// nothing but what locks are made of. The first one takes it, if another one of the function
// gives it back.
//
//	if err := s.gate.BeginWrite("reap"); err != nil { // struct{ mu sync.Mutex; owner string; readers int }
//		return err
//	}
//	defer s.gate.EndWrite()
func (l *ownLocks) foreign(fn *ssa.Function) (list []mark) {
	calls := make(map[*fspath.Value][]ssa.CallInstruction)
	var objects []*fspath.Value
	for _, b := range fn.DomPreorder() {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !l.isForeignLock(call) {
				continue
			}
			object := l.ops.Numbers.Of(call.Common().Args[0])
			if calls[object] == nil {
				objects = append(objects, object)
			}
			calls[object] = append(calls[object], call)
		}
	}
	for _, object := range objects {
		if len(calls[object]) < 2 || calls[object][0].Common().StaticCallee() == calls[object][1].Common().StaticCallee() {
			continue
		}
		for i, call := range calls[object] {
			if now, ok := call.(*ssa.Call); ok {
				list = append(list, mark{now, i == 0})
			}
		}
	}
	return list
}

// isForeignLock reports whether a call is of a method of a lock of another package.
func (l *ownLocks) isForeignLock(call ssa.CallInstruction) bool {
	callee := call.Common().StaticCallee()
	if callee == nil || len(callee.Blocks) > 0 || l.ops.Row(call) != nil {
		return false
	}
	recv := callee.Signature.Recv()
	return recv != nil && isLock(recv.Type())
}

// isLock reports whether a type is a struct, or a pointer to one, that holds nothing but
// what locks are made of: those of package sync, channels, flags, counters and names.
func isLock(t types.Type) bool {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	locks := false
	for field := range s.Fields() {
		of := field.Type()
		if ptr, ok := of.Underlying().(*types.Pointer); ok {
			of = ptr.Elem()
		}
		if named, ok := types.Unalias(of).(*types.Named); ok && named.Obj().Pkg() != nil {
			switch named.Obj().Pkg().Path() {
			case "sync", "sync/atomic":
				locks = true
				continue
			}
		}
		switch of.Underlying().(type) {
		case *types.Basic:
		case *types.Chan:
			locks = true
		default:
			return false
		}
	}
	return locks
}

// callee returns what the function that a call names does to locks.
func (l *ownLocks) callee(call ssa.CallInstruction) lockEffect {
	fn := call.Common().StaticCallee()
	if fn == nil || len(fn.Blocks) == 0 || !l.ops.Ours(fspath.Callee(call.Common())) {
		return lockEffect{}
	}
	return l.lockEffect(fn)
}

// givenBack lists the flags of the locks that a call gives back, "" for a mutex. A
// function literal that is deferred may give them back as well.
func (l *ownLocks) givenBack(call ssa.CallInstruction) []string {
	if lit, ok := functionOf(call.Common().Value); ok && lit.Parent() != nil {
		var all []string
		for _, b := range lit.Blocks {
			for _, instr := range b.Instrs {
				if inner, ok := instr.(ssa.CallInstruction); ok {
					if of := l.callee(inner); of.gives {
						all = append(append(all, of.flags...), mutexOf(of)...)
					}
				}
			}
		}
		return all
	}
	if of := l.callee(call); of.gives {
		return append(mutexOf(of), of.flags...)
	}
	return nil
}

func mutexOf(of lockEffect) []string {
	if of.flags == nil {
		return []string{""}
	}
	return nil
}

// heldAt reports whether a lock that the function itself has taken is held when a call
// runs.
func (l *ownLocks) heldAt(call ssa.CallInstruction) bool {
	held := false
	for _, m := range l.marksIn(call.Parent()) {
		if m.call.Block() == call.Block() && !precedes(m.call, call) || !m.call.Block().Dominates(call.Block()) {
			continue
		}
		held = m.takes
	}
	return held
}

// excluded reports whether a lock that holds within this process is held when a call
// runs: the function has taken it, or each that calls it, in the package.
//
//	func (s *store) Drop(name string) error {
//		s.mu.Lock()
//		defer s.mu.Unlock()
//		return s.drop(name)
//	}
//
// It is not, in the function itself, where it has been given back:
//
//	s.mu.Unlock()
//	err := os.Remove(path)
func (ev *evidence) excluded(call ssa.CallInstruction) bool {
	if len(ev.own.marksIn(call.Parent())) > 0 {
		return ev.own.heldAt(call)
	}
	return ev.everyCall(call.Parent(), ev.own.heldAt)
}

// excluded reports whether a lock that holds within this process is held at all of some
// calls.
func (w *window) excluded(calls ...ssa.CallInstruction) bool {
	return !slices.ContainsFunc(calls, func(call ssa.CallInstruction) bool { return !w.ev.excluded(call) })
}
