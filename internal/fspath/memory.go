package fspath

import (
	"go/types"
	"slices"
	"sort"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// version is a state of one location of memory: the one after instr, the one
// at the start of block where several meet, the one in which fn starts, or,
// for the zero value, the one in which the outermost function starts.
type version struct {
	fn    *ssa.Function
	instr ssa.Instruction
	block *ssa.BasicBlock
}

// memory tells which version of a location a load reads.
type memory struct {
	n       *Numbering
	ids     map[any]int
	byRoot  map[*ssa.Function][]*ssa.Function
	writers *writers
	access  map[*ssa.Function]*accesses
	cache   map[placeIn]*versions
	escapes map[*ssa.Alloc]*escape
	order   map[ssa.Instruction]int // in its block, of the blocks that were asked for
	effort  map[*ssa.Function]int   // instructions held against places, by function

	stored map[string][]ssa.Value // what the package stores, by field or package-level variable
	set    map[string]Origins     // the same for what the command line sets through an address
}

// accesses are the instructions of a function that can change memory.
type accesses struct {
	stores []*ssa.Store
	calls  []ssa.CallInstruction
}

type placeIn struct {
	place place
	fn    *ssa.Function
}

func newMemory(n *Numbering, functions []*ssa.Function) *memory {
	m := &memory{
		n:       n,
		ids:     make(map[any]int),
		byRoot:  make(map[*ssa.Function][]*ssa.Function),
		access:  make(map[*ssa.Function]*accesses),
		escapes: make(map[*ssa.Alloc]*escape),
		order:   make(map[ssa.Instruction]int),
		effort:  make(map[*ssa.Function]int),
		stored:  make(map[string][]ssa.Value),
		set:     make(map[string]Origins),
	}
	for _, fn := range functions {
		r := root(fn)
		m.byRoot[r] = append(m.byRoot[r], fn)
		acc := &accesses{}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					acc.stores = append(acc.stores, instr)
					if key := placeKey(instr.Addr); key != "" {
						m.stored[key] = append(m.stored[key], instr.Val)
					}
				case *ssa.Defer:
					// It runs when the function ends: after everything here.
				case ssa.CallInstruction:
					acc.calls = append(acc.calls, instr)
					m.noteArguments(instr.Common())
				}
			}
		}
		m.access[fn] = acc
	}
	m.writers = newWriters(functions)
	m.forget()
	return m
}

// noteArguments records the variables that a call such as flag.StringVar has
// the command line set.
func (m *memory) noteArguments(c *ssa.CallCommon) {
	fn := Callee(c)
	if fn == nil {
		return
	}
	row := m.n.RowOf(fn)
	if row == nil || row.From != fsapi.Argument {
		return
	}
	for _, a := range c.Args {
		if key := placeKey(a); key != "" {
			m.set[key] |= bit(fsapi.Argument)
		}
	}
}

func (m *memory) forget() { m.cache = make(map[placeIn]*versions) }

// root returns the declared function that fn is, or is a literal in.
func root(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// id numbers things by identity.
func (m *memory) id(x any) int {
	id, ok := m.ids[x]
	if !ok {
		id = len(m.ids) + 1
		m.ids[x] = id
	}
	return id
}

func (m *memory) versionID(v version) int {
	if v == (version{}) {
		return 0
	}
	return m.id(v)
}

// versions holds the version of a place at the start of each block.
type versions struct {
	unknown bool // it was not found out: each load is held to read another one
	kills   map[*ssa.BasicBlock][]kill
	in, out map[*ssa.BasicBlock]version
}

// kill is an instruction after which a place may hold something else.
type kill struct {
	instr ssa.Instruction
	val   ssa.Value // what it holds then, nil if not known
}

// at returns the version of p that an instruction reads, and the value that
// it holds then if that was stored in plain sight.
func (m *memory) at(p place, at ssa.Instruction) (version, ssa.Value) {
	fn := at.Parent()
	if p.alloc != nil {
		if val := m.only(p.alloc); val != nil {
			return version{}, val
		}
	}
	vs := m.versions(p, fn)
	b := at.Block()
	ver := vs.in[b]
	var val ssa.Value
	if vs.unknown {
		return version{instr: at}, nil
	}
	kills := vs.kills[b]
	if i := sort.Search(len(kills), func(i int) bool { return !m.before(kills[i].instr, at) }); i > 0 {
		ver, val = version{instr: kills[i-1].instr}, kills[i-1].val
	}
	if val == nil {
		if store, ok := ver.instr.(*ssa.Store); ok && m.n.place(store.Addr) == p {
			val = store.Val
		}
	}
	if ver.fn == fn && fn.Parent() == nil {
		ver = version{}
	}
	return ver, val
}

// only returns the one value that is ever stored to a variable, if there is
// just one and nothing else can write to it.
func (m *memory) only(alloc *ssa.Alloc) ssa.Value {
	e := m.escape(alloc)
	if e.unknown || len(e.calls) > 0 || len(e.stores) != 1 {
		return nil
	}
	return e.stores[0].Val
}

// before reports whether a comes before b, which is in the same block.
func (m *memory) before(a, b ssa.Instruction) bool {
	if _, ok := m.order[a]; !ok {
		for i, instr := range a.Block().Instrs {
			m.order[instr] = i
		}
	}
	return m.order[a] < m.order[b]
}

// maxEffort bounds how many instructions of one function are held against all
// places that it reads. The dearest function of the real programs in
// docs/benchmarks.md needs a twenty-fifth of that.
const maxEffort = 1_000_000

func (m *memory) versions(p place, fn *ssa.Function) *versions {
	if vs, ok := m.cache[placeIn{p, fn}]; ok {
		return vs
	}
	if !m.spend(fn) {
		vs := &versions{unknown: true}
		m.cache[placeIn{p, fn}] = vs
		return vs
	}
	vs := &versions{kills: m.kills(p, fn), in: make(map[*ssa.BasicBlock]version), out: make(map[*ssa.BasicBlock]version)}
	m.cache[placeIn{p, fn}] = vs
	start := version{fn: fn}
	if fn.Parent() != nil && m.stable(p, fn) {
		start = version{}
	}
	if len(fn.Blocks) == 0 {
		return vs
	}
	known := make(map[*ssa.BasicBlock]bool)
	for changed := true; changed; {
		changed = false
		for _, b := range fn.Blocks {
			in := start
			if b != fn.Blocks[0] {
				var ok bool
				if in, ok = meet(b, vs, known); !ok {
					continue
				}
			}
			out := in
			if ks := vs.kills[b]; len(ks) > 0 {
				out = version{instr: ks[len(ks)-1].instr}
			}
			if !known[b] || vs.in[b] != in || vs.out[b] != out {
				known[b], vs.in[b], vs.out[b] = true, in, out
				changed = true
			}
		}
	}
	return vs
}

// spend accounts for one more place that is followed through fn, and reports
// whether it may be.
func (m *memory) spend(fn *ssa.Function) bool {
	acc := m.access[fn]
	if acc == nil {
		return true
	}
	spent := m.effort[fn]
	m.effort[fn] += len(fn.Blocks) + len(acc.stores) + len(acc.calls)
	if m.effort[fn] <= maxEffort {
		return true
	}
	if spent <= maxEffort && m.n.Over != nil {
		m.n.Over(fn)
	}
	return false
}

// meet joins the versions at the ends of b's predecessors.
func meet(b *ssa.BasicBlock, vs *versions, known map[*ssa.BasicBlock]bool) (version, bool) {
	merged := version{block: b}
	if known[b] && vs.in[b] == merged {
		return merged, true // once they differ, they differ
	}
	var in version
	found := false
	for _, p := range b.Preds {
		if !known[p] {
			continue
		}
		if found && vs.out[p] != in {
			return merged, true
		}
		in, found = vs.out[p], true
	}
	return in, found
}

// stable reports whether nothing in the declared function around fn, its
// literals included, can change p.
func (m *memory) stable(p place, fn *ssa.Function) bool {
	for _, f := range m.byRoot[root(fn)] {
		if len(m.kills(p, f)) > 0 {
			return false
		}
	}
	return true
}

// kills returns, by block and in order, what can change p in fn.
func (m *memory) kills(p place, fn *ssa.Function) map[*ssa.BasicBlock][]kill {
	kills := make(map[*ssa.BasicBlock][]kill)
	acc := m.access[fn]
	if acc == nil {
		return kills
	}
	add := func(instr ssa.Instruction, val ssa.Value) {
		kills[instr.Block()] = append(kills[instr.Block()], kill{instr, val})
	}
	for _, s := range acc.stores {
		q := m.n.place(s.Addr)
		switch {
		case q == p:
			add(s, s.Val)
		case mayAlias(p, q):
			add(s, nil)
		}
	}
	for _, c := range acc.calls {
		if m.mayWrite(c, p) {
			add(c, nil)
		}
	}
	for _, ks := range kills {
		slices.SortFunc(ks, func(a, b kill) int {
			switch {
			case m.before(a.instr, b.instr):
				return -1
			case m.before(b.instr, a.instr):
				return 1
			}
			return 0
		})
	}
	return kills
}

// mayWrite reports whether a call can change p.
func (m *memory) mayWrite(c ssa.CallInstruction, p place) bool {
	common := c.Common()
	if p.alloc != nil {
		e := m.escape(p.alloc)
		if e.unknown {
			return true
		}
		for _, at := range e.calls {
			if at == c {
				return true
			}
		}
		return e.literals && runsLiteral(common)
	}
	if m.isGiven(common, p) {
		return true
	}
	key := p.owner + "." + p.name
	if p.base == nil {
		key = p.name
	}
	switch callee := body(common.StaticCallee()); {
	case callee != nil && len(callee.Blocks) > 0:
		return m.writers.of(callee)[key]
	case common.IsInvoke():
		return m.writers.byMethod[common.Method.Name()][key]
	case callee == nil:
		if _, builtin := common.Value.(*ssa.Builtin); builtin {
			return false
		}
		return m.writers.literals[key]
	}
	// A function of another package changes an object of ours only if it is
	// handed the object.
	if p.base == nil || p.name == element {
		return false
	}
	for _, a := range common.Args {
		if m.n.memo[a] == p.base || unwrapped(m.n, a) == p.base {
			return true
		}
	}
	return false
}

// isGiven reports whether a call is handed the address of p itself.
func (m *memory) isGiven(c *ssa.CallCommon, p place) bool {
	for _, a := range Operands(c) {
		if mk, ok := a.(*ssa.MakeInterface); ok {
			a = mk.X
		}
		switch a.(type) {
		case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Global:
			if m.n.place(a) == p {
				return true
			}
		}
	}
	return false
}

func unwrapped(n *Numbering, v ssa.Value) *Value {
	if mk, ok := v.(*ssa.MakeInterface); ok {
		v = mk.X
	}
	if _, ok := v.Type().Underlying().(*types.Pointer); !ok {
		return nil
	}
	return n.object(v)
}
