package fspath

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// accesses are the instructions of a function that can change memory.
type accesses struct {
	stores []*ssa.Store
	calls  []ssa.CallInstruction

	// What they can change, computed on demand: a function reads many places, and most
	// of its instructions change none of them.
	variables *index                           // of package-level and local ones
	objects   *index                           // nil until all that it goes by is numbered
	writing   []ssa.CallInstruction            // the calls that write to anything through this package
	byKey     map[string][]ssa.CallInstruction // by field or package-level variable, the calls that write to it through this package
	entered   []bool                           // by block, whether the function gets there
}

// An index finds the writes of a function by what is written to. The index for
// variables is built without value numbers: numbering one function may require
// another's index, recursively.
type index struct {
	stores map[class][]located
	given  map[place][]ssa.CallInstruction  // calls that receive the address of a place
	handed map[*Value][]ssa.CallInstruction // calls of other packages that receive an object
}

// located is a store and the place that it changes.
type located struct {
	store *ssa.Store
	place place
}

// class is what places have in common of which a store to one may change
// another.
type class struct {
	alloc       *ssa.Alloc
	name, owner string
}

func (p place) class() class {
	switch {
	case p.alloc != nil:
		return class{alloc: p.alloc}
	case p.base == nil:
		return class{name: p.name}
	}
	return class{name: p.name, owner: p.owner}
}

// aliases lists the classes of the places that mayAlias has for p, and its own.
func (p place) aliases() []class {
	own := p.class()
	if p.alloc != nil || p.base == nil {
		return []class{own}
	}
	list := []class{own}
	switch alloc, _ := p.base.Src.(*ssa.Alloc); {
	case p.base.Kind == Global:
		list = append(list, class{name: p.base.Name})
	case p.base.Kind == Unique && alloc != nil:
		list = append(list, class{alloc: alloc})
	}
	if whole := (class{name: target, owner: p.owner}); p.name != element && whole != own {
		list = append(list, whole)
	}
	return list
}

// kill is an instruction after which a place may hold something else.
type kill struct {
	instr ssa.Instruction
	val   ssa.Value // what it holds then, nil if not known
}

// kills returns, by block and in order, what can change p in fn.
func (m *memory) kills(p place, fn *ssa.Function) map[*ssa.BasicBlock][]kill {
	list := m.changes(p, m.access[fn])
	if len(list) == 0 {
		return nil
	}
	kills := make(map[*ssa.BasicBlock][]kill)
	for _, k := range list {
		kills[k.instr.Block()] = append(kills[k.instr.Block()], k)
	}
	for b, ks := range kills {
		slices.SortFunc(ks, func(a, b kill) int { return m.position(a.instr) - m.position(b.instr) })
		kills[b] = slices.Compact(ks) // a call may change p in several ways
	}
	return kills
}

// changes lists what can change p, some of it twice.
func (m *memory) changes(p place, acc *accesses) []kill {
	if acc == nil {
		return nil
	}
	var list []kill
	note := func(x *index) {
		for _, c := range p.aliases() {
			for _, s := range x.stores[c] {
				switch {
				case s.place == p:
					list = append(list, kill{s.store, s.store.Val})
				case mayAlias(p, s.place):
					list = append(list, kill{s.store, nil})
				}
			}
		}
	}
	x := m.variablesOf(acc)
	note(x)
	if p.base != nil {
		x = m.objectsOf(acc)
		note(x)
	}
	for _, c := range m.callsChanging(p, acc, x) {
		list = append(list, kill{c, nil})
	}
	return list
}

// callsChanging lists the calls that can change p, some of them twice.
func (m *memory) callsChanging(p place, acc *accesses, x *index) []ssa.CallInstruction {
	if p.alloc != nil {
		return m.callsChangingLocal(p.alloc, acc)
	}
	calls := slices.Clip(x.given[p])
	key := p.owner + "." + p.name
	if p.base == nil {
		key = p.name
	}
	calls = append(calls, m.callsWriting(key, acc)...)
	// A function of another package changes an object of ours only if it is
	// handed the object.
	if p.base != nil && p.name != element {
		calls = append(calls, x.handed[p.base]...)
	}
	return calls
}

// callsChangingLocal lists the calls that can change a local variable.
func (m *memory) callsChangingLocal(alloc *ssa.Alloc, acc *accesses) []ssa.CallInstruction {
	e := m.escape(alloc)
	if e.unknown {
		return acc.calls
	}
	if len(e.calls) == 0 && !e.literals {
		return nil
	}
	var calls []ssa.CallInstruction
	for _, c := range acc.calls {
		if slices.Contains(e.calls, c) || e.literals && runsLiteral(c.Common()) {
			calls = append(calls, c)
		}
	}
	return calls
}

// callsWriting lists the calls that write to a field or a package-level
// variable by functions of this package.
func (m *memory) callsWriting(key string, acc *accesses) []ssa.CallInstruction {
	if acc.byKey == nil {
		acc.byKey = make(map[string][]ssa.CallInstruction)
		for _, c := range acc.calls {
			if len(m.writers.by(c.Common())) > 0 {
				acc.writing = append(acc.writing, c)
			}
		}
	}
	calls, ok := acc.byKey[key]
	if !ok {
		for _, c := range acc.writing {
			if m.writers.by(c.Common())[key] {
				calls = append(calls, c)
			}
		}
		acc.byKey[key] = calls
	}
	return calls
}

// variablesOf returns the index of a function's writes to variables.
func (m *memory) variablesOf(acc *accesses) *index {
	if acc.variables == nil {
		acc.variables = m.newIndex(acc, isVariable)
	}
	return acc.variables
}

// objectsOf returns the index of a function's writes to what lies in objects. It is
// kept if no number that it goes by is one in the making.
func (m *memory) objectsOf(acc *accesses) *index {
	if acc.objects != nil {
		return acc.objects
	}
	before := m.n.cycles
	x := m.newIndex(acc, func(addr ssa.Value) bool { return !isVariable(addr) })
	for _, c := range acc.calls {
		if elsewhere(c.Common()) {
			m.noteHanded(x, c)
		}
	}
	if m.n.cycles == before {
		acc.objects = x
	}
	return x
}

// newIndex returns the index of a function's writes to addresses of a kind.
func (m *memory) newIndex(acc *accesses, kind func(addr ssa.Value) bool) *index {
	x := &index{stores: make(map[class][]located)}
	for _, s := range acc.stores {
		if kind(s.Addr) {
			p := m.n.place(s.Addr)
			x.stores[p.class()] = append(x.stores[p.class()], located{s, p})
		}
	}
	for _, c := range acc.calls {
		for _, a := range Operands(c.Common()) {
			if mk, ok := a.(*ssa.MakeInterface); ok {
				a = mk.X
			}
			if isAddress(a) && kind(a) {
				if x.given == nil {
					x.given = make(map[place][]ssa.CallInstruction)
				}
				p := m.n.place(a)
				x.given[p] = append(x.given[p], c)
			}
		}
	}
	return x
}

// isAddress reports whether a value is in plain sight the address of something that
// is not local to the function.
func isAddress(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global:
		return true
	}
	return false
}

// noteHanded adds the objects that a call receives: by a pointer, or by an interface
// that may hold one.
func (m *memory) noteHanded(x *index, c ssa.CallInstruction) {
	for _, a := range c.Common().Args {
		if mk, ok := a.(*ssa.MakeInterface); ok {
			a = mk.X
		}
		var object *Value
		switch a.Type().Underlying().(type) {
		case *types.Pointer:
			object = m.n.object(a)
		case *types.Interface:
			object = m.n.Of(a)
		default:
			continue
		}
		if x.handed == nil {
			x.handed = make(map[*Value][]ssa.CallInstruction)
		}
		x.handed[object] = append(x.handed[object], c)
	}
}
