package fspath

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// place is a location of memory.
type place struct {
	alloc *ssa.Alloc // a local variable
	base  *Value     // else the object that it lies in; nil for a package-level variable
	name  string     // the field's name, "*" for what a pointer points to, "[]" for an element, else the variable's
	index *Value     // the element
	owner string     // the type that the field belongs to, or of the element or the pointer's target
}

// placeKey names the field or package-level variable that addr is the address
// of, whatever the object is; "" for another address.
func (names typeNames) placeKey(addr ssa.Value) string {
	switch a := addr.(type) {
	case *ssa.Global:
		return globalName(a)
	case *ssa.FieldAddr:
		return names.owner(a.X.Type()) + "." + fieldName(a.X.Type(), a.Field)
	}
	return ""
}

// read returns the number of what p holds when at runs.
func (n *Numbering) read(p place, at ssa.Instruction) *Value {
	ver, stored := n.mem.at(p, at)
	if stored != nil {
		return n.Of(stored)
	}
	if store, ok := ver.instr.(*ssa.Store); ok && p.base != nil && p.name != element {
		if whole := n.place(store.Addr); whole.alloc != nil && n.unique(whole.alloc) == p.base {
			return n.fieldOfCopy(store.Val, p.name, p.owner) // the struct was assigned as a whole
		}
	}
	switch {
	case p.alloc != nil:
		return n.field(n.unique(p.alloc), target, "", ver)
	case p.base == nil:
		return n.intern(&Value{Kind: Global, Name: p.name, ver: ver})
	case p.name == element:
		return n.intern(&Value{Kind: Index, Args: []*Value{p.base, p.index}, ver: ver})
	}
	if v := n.yieldedField(p.base, p.name, ver); v != nil {
		return v
	}
	return n.field(p.base, p.name, p.owner, ver)
}

// FieldAt returns the number of a field of the struct base as it is when at runs.
func (n *Numbering) FieldAt(base *Value, name, owner string, at ssa.Instruction) *Value {
	return n.read(place{base: base, name: name, owner: owner}, at)
}

// FieldOf returns the number of a field of the struct that v is, or points to,
// as it is when at runs. A struct that is copied out of a variable has the fields
// that the variable had then:
//
//	o := options{input: file}
//	load(o)                     // the field input of the argument is file
func (n *Numbering) FieldOf(v ssa.Value, name string, at ssa.Instruction) *Value {
	owner := n.names.owner(v.Type())
	if _, pointer := v.Type().Underlying().(*types.Pointer); !pointer {
		return n.fieldOfCopy(v, name, owner)
	}
	return n.read(place{base: n.object(v), name: name, owner: owner}, at)
}

// FieldAfter returns the number of a field of the struct that v is, or points to, as
// it is when the instruction at has run.
func (n *Numbering) FieldAfter(v ssa.Value, name string, at ssa.Instruction) *Value {
	b := at.Block()
	return n.FieldOf(v, name, b.Instrs[n.mem.position(at)+1])
}

// yieldedField returns the number of a field of a struct that a call returns, according
// to the callee's summary, or nil.
func (n *Numbering) yieldedField(base *Value, name string, ver version) *Value {
	if n.ResultField == nil || base.Kind != Unique {
		return nil
	}
	src, i := base.Src, 0
	if x, ok := src.(*ssa.Extract); ok {
		src, i = x.Tuple, x.Index
	}
	call, ok := src.(*ssa.Call)
	if !ok || ver != (version{}) && ver.instr != ssa.Instruction(call) {
		return nil
	}
	if e := n.ResultField(call.Common(), i, name); e != nil {
		return n.Instantiate(e, call.Common(), call)
	}
	return nil
}

// fieldOfCopy returns the number of a field of the struct v, which is no pointer.
func (n *Numbering) fieldOfCopy(v ssa.Value, name, owner string) *Value {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		if alloc, ok := load.X.(*ssa.Alloc); ok {
			return n.read(place{base: n.unique(alloc), name: name, owner: owner}, load)
		}
	}
	return n.fieldOf(n.Of(v), name, owner)
}

// StoredField is one store to a field.
type StoredField struct {
	Base        *Value // the struct
	Owner, Name string // its type, and the field
	Value       ssa.Value
}

// StoredFields lists the stores to fields in a function.
func (n *Numbering) StoredFields(fn *ssa.Function) []StoredField {
	acc := n.mem.access[fn]
	if acc == nil {
		return nil
	}
	var list []StoredField
	for _, s := range acc.stores {
		if a, ok := s.Addr.(*ssa.FieldAddr); ok {
			p := n.place(a)
			list = append(list, StoredField{Base: p.base, Owner: p.owner, Name: p.name, Value: s.Val})
		}
	}
	return list
}

// place returns the location that addr is the address of.
func (n *Numbering) place(addr ssa.Value) place {
	switch a := addr.(type) {
	case *ssa.FreeVar:
		if b := binding(a); b != nil {
			return n.place(b)
		}
	case *ssa.ChangeType:
		return n.place(a.X)
	case *ssa.Alloc:
		return place{alloc: a}
	case *ssa.Global:
		return place{name: globalName(a)}
	case *ssa.FieldAddr:
		return place{base: n.object(a.X), name: fieldName(a.X.Type(), a.Field), owner: n.names.owner(a.X.Type())}
	case *ssa.IndexAddr:
		return place{base: n.object(a.X), index: n.Of(a.Index), name: element, owner: n.names.of(a.Type())}
	}
	return place{base: n.Of(addr), name: target, owner: n.names.owner(addr.Type())}
}

// isVariable reports whether addr is the address of a variable, so that place needs
// no numbers.
func isVariable(addr ssa.Value) bool {
	switch a := addr.(type) {
	case *ssa.FreeVar:
		b := binding(a)
		return b != nil && isVariable(b)
	case *ssa.ChangeType:
		return isVariable(a.X)
	case *ssa.Alloc, *ssa.Global:
		return true
	}
	return false
}

// object returns the number of the struct or array that an address lies in.
func (n *Numbering) object(x ssa.Value) *Value {
	switch x := x.(type) {
	case *ssa.FieldAddr:
		return n.field(n.object(x.X), fieldName(x.X.Type(), x.Field), n.names.owner(x.X.Type()), version{})
	case *ssa.Global:
		return n.intern(&Value{Kind: Global, Name: globalName(x)})
	case *ssa.FreeVar:
		if b := binding(x); b != nil {
			return n.object(b)
		}
	case *ssa.UnOp:
		if x.Op == token.MUL {
			return n.Of(x)
		}
	}
	return n.Of(x)
}

func globalName(g *ssa.Global) string {
	if g.Pkg == nil {
		return g.Name()
	}
	return g.Pkg.Pkg.Path() + "." + g.Name()
}

// typeNames remembers the names of types, which are long in the making.
type typeNames map[types.Type]string

func (names typeNames) of(t types.Type) string {
	name, ok := names[t]
	if !ok {
		name = types.TypeString(t, nil)
		names[t] = name
	}
	return name
}

// owner names the type of a struct, or of the one that a pointer points to.
func (names typeNames) owner(t types.Type) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		t = named.Origin()
	}
	return names.of(t)
}

// mayAlias reports whether a store to q can change p, another place.
//
//	list[0]       // p
//	list[i] = a   // q: may be p
//	list[1] = a   // q: another element
//	other.dir = a // q: another field, whatever object it is of
func mayAlias(p, q place) bool {
	switch {
	case p.alloc != nil || p.base == nil:
		return false
	case q.alloc != nil: // a struct variable assigned as a whole
		return p.base.Kind == Unique && p.base.Src == ssa.Value(q.alloc)
	case q.base == nil:
		return p.base.Kind == Global && p.base.Name == q.name
	case q.name == target && p.name != element:
		return q.owner == p.owner
	case p.name != q.name || p.owner != q.owner:
		return false
	}
	if p.name == element && p.base == q.base && p.index.Kind == Const && q.index.Kind == Const {
		return false
	}
	return !distinctObjects(p.base, q.base)
}

// distinctObjects reports whether two objects are certainly not one.
func distinctObjects(a, b *Value) bool {
	made := func(v *Value) bool {
		_, ok := v.Src.(*ssa.Alloc)
		return ok && v.Kind == Unique
	}
	return a != b && (made(a) || made(b))
}
