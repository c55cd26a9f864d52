// Package fspath determines whether two paths are equal, and the origin of a path.
//
// Paths are numbered: two SSA values with one number hold the same string
// whenever both were computed in one activation of a function, with nothing
// in between that could have changed what they were computed from. The
// numbering is by value (Alpern, Wegman and Zadeck, "Detecting Equality of
// Variables in Programs", 1988) with versions for memory, and never by the
// text of an expression.
package fspath

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Kind is how a value is computed.
type Kind uint8

// The kinds.
const (
	_      Kind = iota
	Const       // a constant: Name is its exact text
	Param       // a parameter of a function
	Global      // the content of a package-level variable
	Field       // the content of a field of Args[0]
	Index       // the content of element Args[1] of Args[0]
	Pure        // the function Name of Args, which depends on nothing else
	Unique      // a value that is the same only as itself
	Result      // in a summary: result Index of the function
	Chosen      // one of the first Ways of Args; the function Name chooses by the others
)

// Value is a value number. Values of one Numbering are equal exactly when
// their pointers are.
type Value struct {
	Kind  Kind
	Name  string    // Const: the text; Pure: the function; Field: the field; Global: the variable
	Owner string    // Field: the type that the field belongs to
	Args  []*Value  // what it is computed from
	Src   ssa.Value // Param and Unique: the value itself; Chosen: a call that returns it, if one is known
	Ways  int       // Chosen: how many of Args it can be

	id   int
	size int     // how many values that have no parts it is computed from
	ver  version // Global, Field, Index: the state of memory in which it was read
}

// The operators that are pure without being functions.
const (
	concat  = "+"
	convert = "string"
	tuple   = "extract"
	beneath = "beneath" // a name looked up beneath a handle
	nameOf  = "name of" // the name that a handle was opened by
)

// The names of places that have none of their own.
const (
	target  = "*"  // what a pointer points to
	element = "[]" // an element of an array or slice
)

// Beneath returns the path name looked up beneath the handle scope.
func (n *Numbering) Beneath(scope, name *Value) *Value { return n.pure(beneath, scope, name) }

// Outside returns the path in the file system for a path beneath a directory,
// or nil if the directory is not known.
func (n *Numbering) Outside(v *Value) *Value {
	if !v.Confined() {
		return nil
	}
	dir := v.Args[0]
	if opened := n.opened[dir]; opened != nil {
		dir = opened
	}
	return n.join("path/filepath.Join", []*Value{dir, v.Args[1]})
}

// Confined reports whether v is looked up beneath a handle.
func (v *Value) Confined() bool { return v.Kind == Pure && v.Name == beneath }

// NamedBy returns the handle whose name v is, if it is not known what that was
// opened from, or nil.
func (v *Value) NamedBy() *Value {
	if v.Kind == Pure && v.Name == nameOf {
		return v.Args[0]
	}
	return nil
}

// Joined returns the elements that v joins to a path, or nil if it joins none.
func (v *Value) Joined() []*Value {
	if v.Kind == Pure && fsapi.Lookup(v.Name).Has(fsapi.Joins) {
		return v.Args
	}
	return nil
}

// Appended returns what v is a concatenation to, or nil if it is none.
func (v *Value) Appended() *Value {
	if v.Kind == Pure && v.Name == concat {
		return v.Args[0]
	}
	return nil
}

// Text returns the value's text if it is a constant string.
func (v *Value) Text() (string, bool) {
	if v.Kind != Const {
		return "", false
	}
	return v.Name, true
}

// Walk calls visit for v and for all that it is computed from, until visit
// returns false.
func (v *Value) Walk(visit func(*Value) bool) bool {
	if !visit(v) {
		return false
	}
	for _, a := range v.Args {
		if !a.Walk(visit) {
			return false
		}
	}
	return true
}

// row returns what is known of the call whose result v is, if it is one.
func (n *Numbering) row(v *Value) *fsapi.Func {
	if v.Kind != Unique {
		return nil
	}
	src := v.Src
	if x, ok := src.(*ssa.Extract); ok {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return nil
	}
	return n.Row(call)
}

// LookedUp reports whether v is a user who was looked up by name or number.
func (n *Numbering) LookedUp(v *Value) bool { return n.row(v).Has(fsapi.FindsUser) }

// Row returns what is known of the function that a call names, or nil.
func (n *Numbering) Row(call ssa.CallInstruction) *fsapi.Func {
	fn := Callee(call.Common())
	if fn == nil {
		return nil
	}
	return n.RowOf(fn)
}

// RowOf returns what is known of a function, or nil.
func (n *Numbering) RowOf(fn *types.Func) *fsapi.Func {
	if row, ok := n.rows.Load(fn); ok {
		return row.(*fsapi.Func)
	}
	row := lookup(n.table, fn)
	n.rows.Store(fn, row)
	return row
}

// Known returns what toctou itself knows of the function that a call names, or
// nil: for questions that no row which a user adds can answer.
func Known(call ssa.CallInstruction) *fsapi.Func {
	if fn := Callee(call.Common()); fn != nil {
		return lookup(nil, fn)
	}
	return nil
}

func lookup(table *fsapi.Table, fn *types.Func) *fsapi.Func {
	if pkg := fn.Pkg(); pkg == nil || !table.Names(pkg.Path()) {
		return HelperRow(table, fn)
	}
	return table.Lookup(fn.FullName())
}

// Callee returns the function or interface method that a call names, the
// generic one for an instance, or nil for a call of a function value.
func Callee(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return c.Method.Origin()
	}
	if fn := c.StaticCallee(); fn != nil {
		if obj, ok := fn.Object().(*types.Func); ok {
			return obj.Origin()
		}
	}
	return nil
}

// Arguments returns the arguments of a call, the receiver first.
func Arguments(c *ssa.CallCommon) []ssa.Value {
	if c.IsInvoke() {
		return append([]ssa.Value{c.Value}, c.Args...)
	}
	return c.Args
}

// Operands returns the arguments of a call, the receiver first, and those of a
// variadic parameter one by one where they are written out.
func Operands(c *ssa.CallCommon) []ssa.Value {
	args := Arguments(c)
	if !c.Signature().Variadic() || len(args) == 0 {
		return args
	}
	last := len(args) - 1
	elems, ok := Elements(args[last])
	if !ok {
		return args
	}
	return slices.Concat(args[:last], elems)
}

// String writes the value as an expression, for messages of debugging.
func (v *Value) String() string {
	switch v.Kind {
	case Const:
		return fmt.Sprintf("%q", v.Name)
	case Param:
		return v.Src.Name()
	case Global:
		return v.Name
	case Field:
		return v.Args[0].String() + "." + v.Name
	case Index:
		return fmt.Sprintf("%s[%s]", v.Args[0], v.Args[1])
	case Pure, Chosen:
		parts := make([]string, len(v.Args))
		for i, a := range v.Args {
			parts[i] = a.String()
		}
		return v.Name + "(" + strings.Join(parts, ", ") + ")"
	}
	return "?" + v.Src.Name()
}

// Within reports whether v, leaving aside what it is computed from, is
// computed in fn.
func (v *Value) Within(fn *ssa.Function) bool {
	if v.Src != nil && v.Kind != Chosen && v.Src.Parent() == fn {
		return true
	}
	switch {
	case v.ver.fn != nil:
		return v.ver.fn == fn
	case v.ver.instr != nil:
		return v.ver.instr.Parent() == fn
	case v.ver.block != nil:
		return v.ver.block.Parent() == fn
	}
	return false
}

// Leaf is a place in a function at which a part of a value is computed anew:
// passing it a second time, as a loop does, makes another value of it.
type Leaf struct {
	Instr ssa.Instruction // nil for the start of Block
	Block *ssa.BasicBlock
}

// Leaves returns the places at which the parts of v are computed.
func (v *Value) Leaves() []Leaf {
	var leaves []Leaf
	v.Walk(func(w *Value) bool {
		if instr, ok := w.Src.(ssa.Instruction); ok && w.Kind == Unique {
			leaves = append(leaves, Leaf{Instr: instr, Block: instr.Block()})
		}
		if w.ver.instr != nil {
			leaves = append(leaves, Leaf{Instr: w.ver.instr, Block: w.ver.instr.Block()})
		} else if w.ver.block != nil {
			leaves = append(leaves, Leaf{Block: w.ver.block})
		}
		return true
	})
	return leaves
}
