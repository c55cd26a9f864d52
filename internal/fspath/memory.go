package fspath

import (
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

// memory determines which version of a location a load reads.
type memory struct {
	n       *Numbering
	ids     map[any]int
	byRoot  map[*ssa.Function][]*ssa.Function
	writers *writers
	access  map[*ssa.Function]*accesses
	wholes  map[*ssa.Function]*accesses // of declared functions with their literals, for variables
	cache   map[placeIn]*versions
	escapes map[*ssa.Alloc]*escape
	order   map[ssa.Instruction]int // in its block; computed on demand
	effort  map[*ssa.Function]int   // number of comparisons of instructions with places, by function

	stored map[string][]ssa.Value // what the package stores, by field or package-level variable
	set    map[string]Origins     // the same for what the command line sets through an address
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
		wholes:  make(map[*ssa.Function]*accesses),
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
					if key := m.n.names.placeKey(instr.Addr); key != "" {
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
	m.writers = newWriters(functions, n.names)
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
		if key := m.n.names.placeKey(a); key != "" {
			m.set[key] |= bit(fsapi.Argument)
		}
	}
}

func (m *memory) forget() {
	m.cache = make(map[placeIn]*versions)
	for _, acc := range m.access {
		acc.objects = nil
	}
}

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
	entered []bool    // the blocks that the function's start leads to
	start   version   // at the function's start
	in, out []version // nil where nothing in the function changes the place
}

// at returns the version at the start of a block.
func (vs *versions) at(b *ssa.BasicBlock) version {
	switch {
	case vs.in != nil:
		return vs.in[b.Index]
	case vs.entered != nil && vs.entered[b.Index]:
		return vs.start
	}
	return version{}
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
	if vs.unknown {
		return version{instr: at}, nil
	}
	b := at.Block()
	ver := vs.at(b)
	var val ssa.Value
	kills := vs.kills[b]
	if i := sort.Search(len(kills), func(i int) bool { return m.position(kills[i].instr) >= m.position(at) }); i > 0 {
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

// position returns the index of an instruction in its block.
func (m *memory) position(instr ssa.Instruction) int {
	if _, ok := m.order[instr]; !ok {
		for i, other := range instr.Block().Instrs {
			m.order[other] = i
		}
	}
	return m.order[instr]
}

// maxEffort bounds how often instructions of one function are compared with the places
// that it reads. The most expensive function of the real programs in
// docs/benchmarks.md needs a twenty-fifth of it.
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
	vs := &versions{kills: m.kills(p, fn)}
	m.cache[placeIn{p, fn}] = vs
	vs.start = version{fn: fn}
	if fn.Parent() != nil && m.stable(p, fn) {
		vs.start = version{}
	}
	vs.entered = m.entered(fn)
	if len(vs.kills) > 0 {
		vs.spread(fn)
	}
	return vs
}

// spread takes the versions from block to block until they settle.
func (vs *versions) spread(fn *ssa.Function) {
	vs.in, vs.out = make([]version, len(fn.Blocks)), make([]version, len(fn.Blocks))
	known := make([]bool, len(fn.Blocks))
	for changed := true; changed; {
		changed = false
		for i, b := range fn.Blocks {
			in := vs.start
			if i > 0 {
				var ok bool
				if in, ok = vs.meet(b, known); !ok {
					continue
				}
			}
			out := in
			if ks := vs.kills[b]; len(ks) > 0 {
				out = version{instr: ks[len(ks)-1].instr}
			}
			if !known[i] || vs.in[i] != in || vs.out[i] != out {
				known[i], vs.in[i], vs.out[i] = true, in, out
				changed = true
			}
		}
	}
}

// entered reports for each block of fn whether it is reachable from the entry block.
func (m *memory) entered(fn *ssa.Function) []bool {
	acc := m.access[fn]
	if acc == nil || len(fn.Blocks) == 0 {
		return nil
	}
	if acc.entered == nil {
		acc.entered = make([]bool, len(fn.Blocks))
		acc.entered[0] = true
		for work := []*ssa.BasicBlock{fn.Blocks[0]}; len(work) > 0; {
			b := work[len(work)-1]
			work = work[:len(work)-1]
			for _, s := range b.Succs {
				if !acc.entered[s.Index] {
					acc.entered[s.Index] = true
					work = append(work, s)
				}
			}
		}
	}
	return acc.entered
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
func (vs *versions) meet(b *ssa.BasicBlock, known []bool) (version, bool) {
	merged := version{block: b}
	if known[b.Index] && vs.in[b.Index] == merged {
		return merged, true // once they differ, they differ
	}
	var in version
	found := false
	for _, p := range b.Preds {
		if !known[p.Index] {
			continue
		}
		if found && vs.out[p.Index] != in {
			return merged, true
		}
		in, found = vs.out[p.Index], true
	}
	return in, found
}

// stable reports whether nothing in the declared function around fn, its
// literals included, can change p.
func (m *memory) stable(p place, fn *ssa.Function) bool {
	around := root(fn)
	if p.base == nil {
		return len(m.changes(p, m.whole(around))) == 0
	}
	for _, f := range m.byRoot[around] {
		if len(m.changes(p, m.access[f])) > 0 {
			return false
		}
	}
	return true
}

// whole returns what can change memory in a declared function, its literals
// included: thousands, where variables hold them, which are all in the initializer
// of a package.
func (m *memory) whole(fn *ssa.Function) *accesses {
	acc := m.wholes[fn]
	if acc == nil {
		acc = new(accesses)
		for _, f := range m.byRoot[fn] {
			acc.stores = append(acc.stores, m.access[f].stores...)
			acc.calls = append(acc.calls, m.access[f].calls...)
		}
		m.wholes[fn] = acc
	}
	return acc
}
