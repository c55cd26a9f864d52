package pass

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fingerprint"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
)

// Result is what a pass knows of its diagnostics that they have no field for.
// Drivers other than ours do without.
type Result struct{ reports []Report }

// Report is what is known of one diagnostic.
type Report struct {
	Function string     // the function that contains it: Load or Store.Save; empty outside of functions
	Use      Operation  // at the diagnostic
	Check    *Operation // at its first related information; nil if it has none
	Unfixed  string     // why there is no fix; empty if there is one, or fixes were not requested
	Reason   race.Reason
	Aspect   race.Aspect // which property the check restricts, where that is not existence
	Missing  string      // the package without which a fix cannot be offered

	message string
}

// Operation is a call in the source and what it does.
type Operation struct {
	Pos, End  token.Pos
	Expr      string     // the call, as package fingerprint writes it
	Name      string     // as messages name it
	Performed *Operation // what the called wrapper does, if that is in the same package
}

// Add adds what is known of a diagnostic.
func (r *Result) Add(d analysis.Diagnostic, report Report) {
	report.message = d.Message
	r.reports = append(r.reports, report)
}

// Of returns what is known of a diagnostic, or nil.
func (r *Result) Of(d analysis.Diagnostic) *Report {
	if r == nil {
		return nil // of a pass that is none of ours
	}
	for i := range r.reports {
		if known := &r.reports[i]; known.Use.Pos == d.Pos && known.message == d.Message {
			return known
		}
	}
	return nil
}

// operation describes an operation for those who show it.
func operation(p *analysis.Pass, s *Speaker, op *pathops.Op) Operation {
	o := at(p, op.At, s.Op(op))
	if op.Deep != op.At {
		performed := at(p, op.Deep, op.Name())
		o.Performed = &performed
	}
	return o
}

// at describes the call whose opening parenthesis is at pos.
func at(p *analysis.Pass, pos token.Pos, name string) Operation {
	where := span(p, pos)
	o := Operation{Pos: where.start, End: where.end, Expr: name, Name: name}
	if where.call != nil {
		o.Expr = fingerprint.Expr(where.call)
	}
	return o
}

// declared names the declared function that fn is or is part of: Load, or
// Store.Save for a method.
func declared(fn *ssa.Function) string {
	for fn != nil && fn.Parent() != nil {
		fn = fn.Parent()
	}
	if fn == nil {
		return ""
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return "" // it initialises variables
	}
	recv := obj.Signature().Recv()
	if recv == nil {
		return obj.Name()
	}
	t := types.Unalias(recv.Type())
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name() + "." + obj.Name()
	}
	return obj.Name()
}

// describe describes a finding for those who show it.
func describe(p *analysis.Pass, s *Speaker, f *race.Finding) Report {
	r := Report{Function: declared(f.Fn), Reason: f.Reason, Aspect: f.Aspect, Use: operation(p, s, f.Use)}
	if f.Check != nil {
		check := operation(p, s, f.Check)
		r.Check = &check
	}
	return r
}
