package fspath

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Expr is a value number in terms of a function's parameters: what a summary
// says of the path that the function works on. It can be stored in a fact.
type Expr struct {
	Kind  Kind
	Name  string
	Owner string // Field: the type that the field belongs to
	Index int    // Param: its index, the receiver first; Result: its index; Chosen: how many of Args it can be
	Args  []*Expr
}

// Bounds on an expression in a summary: its size, and the length of a constant
// in it, which no system takes for a path if it is longer.
const (
	maxExpr = 24
	maxText = 4096
)

// Export returns v in terms of the parameters of fn, or nil if v depends on
// anything else than those and package-level variables, as they were when fn
// was called.
func Export(v *Value, fn *ssa.Function) *Expr {
	return ExportWith(v, fn, nil, nil)
}

// ExportWith is Export for a value that depends on one more, which has an expression of
// its own:
//
//	filepath.Join(dir, name) // where name is a result of the function
func ExportWith(v *Value, fn *ssa.Function, part *Value, as *Expr) *Expr {
	size := 0
	return export(v, fn, part, as, &size)
}

func export(v *Value, fn *ssa.Function, part *Value, as *Expr, size *int) *Expr {
	if part != nil && v == part {
		return as
	}
	if *size++; *size > maxExpr || len(v.Name) > maxText || v.ver != (version{}) {
		return nil
	}
	e := &Expr{Kind: v.Kind, Name: v.Name, Owner: v.Owner}
	switch v.Kind {
	case Param:
		e.Index = -1
		for i, p := range fn.Params {
			if p == v.Src {
				e.Index = i
			}
		}
		if e.Index < 0 {
			return nil
		}
	case Chosen:
		e.Index = v.Ways
	case Unique:
		return nil
	}
	for _, a := range v.Args {
		arg := export(a, fn, part, as, size)
		if arg == nil {
			return nil
		}
		e.Args = append(e.Args, arg)
	}
	return e
}

// ResultOf is result i of a function.
func ResultOf(i int) *Expr { return &Expr{Kind: Result, Index: i} }

// FieldOfResult is a field of result i of a function, a struct of type t or a pointer
// to one.
func (n *Numbering) FieldOfResult(i int, t types.Type, field string) *Expr {
	return &Expr{Kind: Field, Name: field, Owner: n.names.owner(t), Args: []*Expr{ResultOf(i)}}
}

// HasParam reports whether the expression depends on a parameter.
func (e *Expr) HasParam() bool {
	return e.Kind == Param || slices.ContainsFunc(e.Args, (*Expr).HasParam)
}

// HasParamAt reports whether the expression depends on the parameter with the index.
func (e *Expr) HasParamAt(i int) bool {
	return e.Kind == Param && e.Index == i || slices.ContainsFunc(e.Args, func(a *Expr) bool { return a.HasParamAt(i) })
}

// Instantiate returns the number of e where the function is called by at.
func (n *Numbering) Instantiate(e *Expr, c *ssa.CallCommon, at ssa.Instruction) *Value {
	switch e.Kind {
	case Param:
		args := Arguments(c)
		if e.Index >= len(args) {
			return nil
		}
		return n.Of(args[e.Index])
	case Const:
		return n.text(e.Name)
	case Global:
		p := place{name: e.Name}
		return n.read(p, at)
	case Result:
		if v := resultAt(at, e.Index); v != nil {
			return n.Of(v)
		}
		return nil
	}
	if e.Kind == Field && e.Args[0].Kind == Result {
		if v := resultAt(at, e.Args[0].Index); v != nil {
			return n.FieldAfter(v, e.Name, at)
		}
		return nil
	}
	args := make([]*Value, len(e.Args))
	for i, a := range e.Args {
		if args[i] = n.Instantiate(a, c, at); args[i] == nil {
			return nil
		}
	}
	switch e.Kind {
	case Field:
		base := args[0]
		if base.Kind == Field && base.Name == target {
			base = base.Args[0] // a struct that is copied from a variable for the call
		}
		return n.read(place{base: base, name: e.Name, owner: e.Owner}, at)
	case Index:
		return n.read(place{base: args[0], index: args[1], name: element}, at)
	case Pure:
		switch e.Name {
		case concat:
			v := args[0]
			for _, a := range args[1:] {
				v = n.concat(v, a)
			}
			return v
		case nameOf:
			if p := n.opened[args[0]]; p != nil {
				return p
			}
		}
		return n.apply(e.Name, args)
	case Chosen:
		return n.chosen(e.Name, e.Index, args)
	}
	return nil
}

// resultAt returns the value that result i of a call is, or nil if it is not used.
func resultAt(at ssa.Instruction, i int) ssa.Value {
	call, ok := at.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Common().Signature().Results().Len() == 1 {
		return call
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}

// String writes the expression as facts show it: 0 is the first parameter,
// the receiver of a method included.
func (e *Expr) String() string {
	parts := make([]string, len(e.Args))
	for i, a := range e.Args {
		parts[i] = a.String()
	}
	switch e.Kind {
	case Param:
		return fmt.Sprint(e.Index)
	case Const:
		return fmt.Sprintf("%q", e.Name)
	case Global:
		return e.Name
	case Result:
		return fmt.Sprintf("result%d", e.Index)
	case Field:
		return parts[0] + "." + e.Name
	case Index:
		return parts[0] + "[" + parts[1] + "]"
	}
	if e.Name == concat {
		return strings.Join(parts, "+")
	}
	return e.Name[strings.LastIndexByte(e.Name, '/')+1:] + "(" + strings.Join(parts, ", ") + ")"
}
