package pathops

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// Guard is the part of a summary for a function that checks a path and rejects an
// invalid one: by an error, by a bool, or by returning only a valid path.
//
//	func (s *Store) guard(name string) error                // Path is Join(0.root, 1), Answer 1
//	func within(root, path string) (bool, error)            // Path is 1, Answer 1
//	func (s *Store) full(name string) (string, bool)        // Result 1, Answer 2
//	func newEntry(dir string, h *tar.Header) (*entry, error) // Result 1, Field "path", Answer 2
type Guard struct {
	Path     *fspath.Expr // nil if it is no expression of the parameters: then Result is all that a caller has
	Root     *fspath.Expr // the directory; nil if it is not known
	Func     string       // the function of the table that makes the check
	About    About
	Property Property
	Name     bool   // Path is a name that is looked up beneath the directory
	Result   int    // one more than the result that is the path, or holds it; 0 for none
	Field    string // the field of that result, where it is a struct
	Answer   int    // one more than the result that is the answer; 0 for none
}

// String writes the guard as a predicate, such as resolvesWithin(1).
func (g *Guard) String() string {
	verb := map[About]string{Text: "confines", Object: "vets", Components: "walksWithin", Place: "resolvesWithin"}[g.About]
	if g.Path == nil {
		return fmt.Sprintf("%s(result%d)", verb, g.Result-1)
	}
	return fmt.Sprintf("%s(%s)", verb, g.Path)
}

// maxGuards bounds the questions in a summary.
const maxGuards = 6

// guards computes the guards of the summary of fn.
func (p *packageOps) guards(f *Func) []Guard {
	if f.Fn.Signature.Results().Len() == 0 {
		return nil
	}
	var list []Guard
	for _, s := range f.Scopes {
		if len(list) == maxGuards {
			break
		}
		g := Guard{Func: s.Check.Row.Name, About: s.About, Property: s.Property}
		g.Answer = p.settles(f.Fn, s)
		if s.About != Object {
			g.Result, g.Field = p.resultWith(f.Fn, s)
		}
		if g.Answer == 0 && (g.Result == 0 || s.Safe == nil) {
			continue
		}
		g.Path, g.Name = s.export(f.Fn)
		if g.Path == nil && g.Result == 0 {
			continue
		}
		if s.Root != nil {
			g.Root = fspath.Export(s.Root, f.Fn)
		}
		if i := sameGuard(list, g); i >= 0 {
			list[i].About = max(list[i].About, g.About)
			continue
		}
		list = append(list, g)
	}
	return list
}

// sameGuard returns the index of the guard in a list that has the same path, answer
// and property as g, whatever each looks at; -1 if there is none.
//
//	func guard(root, path string) error {
//		if !strings.HasPrefix(path, root) { return errOutside }   // confines(1)
//		real, _ := filepath.EvalSymlinks(path)
//		if !strings.HasPrefix(real, root) { return errOutside }   // the same: resolvesWithin(1)
//	}
func sameGuard(list []Guard, g Guard) int {
	key := g.key()
	return slices.IndexFunc(list, func(h Guard) bool { return h.key() == key })
}

// guardKey is what a caller compares guards by.
type guardKey struct {
	path     string
	isName   bool
	property Property
	result   int
	field    string
	answer   int
}

func (g *Guard) key() guardKey {
	key := guardKey{isName: g.Name, property: g.Property, result: g.Result, field: g.Field, answer: g.Answer}
	if g.Path != nil {
		key.path = g.Path.String()
	}
	return key
}

// export returns the checked path in terms that a caller can resolve. It prefers a
// parameter to other values that the path is computed from, and a path to a name.
func (s *Scope) export(fn *ssa.Function) (path *fspath.Expr, isName bool) {
	if s.Path != nil {
		if e := fspath.Export(s.Path, fn); e != nil && ofParameter(e) {
			return e, s.Name
		}
	}
	t := s.subject
	if path = exportable(t.paths, fn); path != nil {
		return path, false
	}
	var values []*fspath.Value
	for _, n := range t.names {
		values = append(values, n.value)
	}
	path = exportable(values, fn)
	return path, path != nil
}

// exportable returns the first of the spellings that is a parameter of fn, or else the
// first that is computed from one; nil if there is none.
func exportable(spellings []*fspath.Value, fn *ssa.Function) *fspath.Expr {
	var first *fspath.Expr
	for _, v := range spellings {
		e := fspath.Export(v, fn)
		switch {
		case e == nil, !ofParameter(e):
		case e.Kind == fspath.Param:
			return e
		case first == nil:
			first = e
		}
	}
	return first
}

func ofParameter(e *fspath.Expr) bool {
	if e.Kind == fspath.Param {
		return true
	}
	for _, a := range e.Args {
		if ofParameter(a) {
			return true
		}
	}
	return false
}

// settles returns one more than the result of fn that the answer to a question
// decides: that it is, or whose value on one arm of a branch on it is an error, or
// always the same bool; 0 for none.
func (p *packageOps) settles(fn *ssa.Function, s *Scope) int {
	for _, answer := range s.answers {
		if i := returnedAs(answer); i > 0 {
			return i
		}
	}
	for _, branch := range s.Branches {
		for _, arm := range branch.Block().Succs {
			if i := p.refuses(fn, arm, branch, s); i > 0 {
				return i
			}
		}
	}
	return 0
}

// returnedAs returns one more than the result that an answer, or its opposite, is;
// 0 if it is none.
func returnedAs(answer ssa.Value) int {
	index := 0
	flows := map[ssa.Value]bool{answer: true}
	forward(answer, func(ref ssa.Instruction) {
		if v, ok := ref.(ssa.Value); ok {
			flows[v] = true
		}
		if ret, ok := ref.(*ssa.Return); ok && index == 0 {
			for i, v := range ret.Results {
				if flows[v] {
					index = i + 1
				}
			}
		}
	})
	return index
}

// refuses returns one more than the result by which fn fails, or says always the
// same, on one arm of a branch; 0 if it does not.
func (p *packageOps) refuses(fn *ssa.Function, arm *ssa.BasicBlock, branch *ssa.If, s *Scope) int {
	walk := fate.Walk{Know: &knowledge{p: p}}
	if s.Error && len(s.answers) == 1 {
		walk.Assume = map[ssa.Value]fate.Abs{s.answers[0]: fate.NonNil}
	}
	ends := walk.FromBlock(arm, branch.Block(), fate.File)
	results := fn.Signature.Results()
	if ends.AllFail() {
		return results.Len()
	}
	if ends.Overflow || len(ends.All) == 0 {
		return 0
	}
	for i := range results.Len() {
		if isBool(results.At(i).Type()) && alwaysSame(ends, i) {
			return i + 1
		}
	}
	return 0
}

// alwaysSame reports whether a result is one known value at all ends.
func alwaysSame(ends fate.Ends, result int) bool {
	first := fate.Unknown
	for i, end := range ends.All {
		if end.Return == nil || result >= len(end.Results) {
			return false
		}
		value := end.Results[result]
		if value == fate.Unknown || i > 0 && value != first {
			return false
		}
		first = value
	}
	return true
}

// resultWith returns the index plus one of the result of fn that is the path, and its
// field if that result is a struct; 0 if there is none.
func (p *packageOps) resultWith(fn *ssa.Function, s *Scope) (index int, field string) {
	for _, ret := range returns(fn) {
		for i, v := range ret.Results {
			if isText(v.Type()) && p.covers(s, p.num.Of(v)).Value != nil {
				return i + 1, ""
			}
			if field := p.holds(s, v); field != "" {
				return i + 1, field
			}
		}
	}
	return 0, ""
}

// holds returns the field of a struct, made in the function, that the path in
// question is stored to; "" if there is none.
//
//	return &entry{path: path}, nil   // "path"
//	return &entry{kind: "file"}, nil // ""
func (p *packageOps) holds(s *Scope, v ssa.Value) string {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	made, ok := v.(*ssa.Alloc)
	if !ok {
		return ""
	}
	for _, ref := range *made.Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if !ok {
			continue
		}
		for _, use := range *field.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == ssa.Value(field) && isText(store.Val.Type()) && p.covers(s, p.num.Of(store.Val)).Value != nil {
				return fieldOf(field)
			}
		}
	}
	return ""
}
