package pathops

import (
	"go/token"
	"go/types"
	"path"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// About is what a question about a path looks at.
type About uint8

// What a check can inspect, from what another process may change at any time to what
// it can only change after the check.
const (
	Text       About = iota // the text alone: strings.HasPrefix(path, root)
	Object                  // what is there: its type, its mode, its owner
	Components              // each directory on the way: an os.Lstat in a loop, which refuses links
	Place                   // where the path leads to, links resolved: filepath.EvalSymlinks, then a comparison
)

// Property is what of an object a question restricts.
type Property uint8

// The properties.
const (
	_          Property = iota
	NoLink              // it is no link: os.Lstat, then the type
	Kind                // it is of a type, links followed
	Permission          // its mode has certain bits, or has them not
	Ownership           // it is owned by a certain user
)

// Scope is one question whether a path lies within a directory, or whether the
// object there has the right mode, owner or type.
//
//	real, err := filepath.EvalSymlinks(path) // Path
//	if !strings.HasPrefix(real, root+"/") {  // Check, of the kind Place; the branch on it
//		return errOutside
//	}
type Scope struct {
	Check    *Op // the check
	About    About
	Property Property      // of Object
	Path     *fspath.Value // what is compared with the directory; nil if only Safe is known
	Root     *fspath.Value // the directory; nil if it is not known
	Name     bool          // Path is a name that is looked up beneath the directory
	Safe     *fspath.Value // the path that is returned if it does, or the struct that contains it; nil for none
	Field    string        // the field of Safe that is the path, where that is a struct
	Error    bool          // the answer is an error, not a bool
	Branches []*ssa.If     // the branches on the answer

	answers []ssa.Value // what is branched on, or returned
	subject *trace
}

// Answer returns what is branched on, or returned; nil if that is several values,
// or none.
func (s *Scope) Answer() ssa.Value {
	if len(s.answers) != 1 {
		return nil
	}
	return s.answers[0]
}

// scopes lists the containment checks of fn.
func (p *packageOps) scopes(fn *ssa.Function) []*Scope {
	var list []*Scope
	add := func(s *Scope) {
		if s == nil || p.everywhere(s.Root) {
			return
		}
		if s.Path == nil && s.Safe == nil {
			return // no path is known that a use might have
		}
		s.subject = p.checked(s.Path)
		if s.Name {
			s.subject = s.subject.asName()
		}
		switch {
		case s.subject.resolved:
			s.About = max(s.About, Place)
		case s.subject.walked && s.Property == NoLink:
			s.About = max(s.About, Components)
		}
		for _, answer := range s.answers {
			s.Branches = append(s.Branches, branches(answer)...)
		}
		list = append(list, s)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				obj := fspath.Callee(instr.Common())
				if row := p.rowOf(obj); row != nil {
					for _, s := range p.checksOf(instr, row) {
						add(s)
					}
				} else if sum := p.calleeSummary(instr.Common(), obj); sum != nil {
					for i := range sum.Guards {
						add(p.guarded(instr, obj, &sum.Guards[i]))
					}
				}
			case *ssa.BinOp:
				add(p.unmoved(instr))
			}
		}
	}
	return list
}

// everywhere reports whether a directory is the root of the whole tree: nothing
// lies outside of it.
func (p *packageOps) everywhere(root *fspath.Value) bool {
	if root == nil {
		return false
	}
	text, ok := root.Text()
	return ok && text == "/"
}

// checksOf lists the checks that a call of a function of the table makes.
//
//	path, err := securejoin.SecureJoin(root, name) // confines
//	strings.HasPrefix(path, root)                  // checks whether it is inside
//	filepath.IsLocal(name)
//	info, err := os.Lstat(path)                    // checks the object
//	strings.HasPrefix(name, "v")                   // nil: a prefix of a name
func (p *packageOps) checksOf(call *ssa.Call, row *fsapi.Func) []*Scope {
	switch {
	case row.Has(fsapi.Confines):
		return one(p.confined(call, row))
	case row.Has(fsapi.TestsWithin):
		return one(p.compared(call, row))
	case len(row.Ops) == 1 && row.Ops[0].Effect == fsapi.Check && row.Ops[0].Arg != fsapi.Recv && !(row.Has(fsapi.Beneath) && !row.Has(fsapi.Prefixes)):
		return p.inspected(call, row)
	}
	return nil
}

func one(s *Scope) []*Scope {
	if s == nil {
		return nil
	}
	return []*Scope{s}
}

// confined is the check of a function that returns a path only if it is inside a
// directory: securejoin.SecureJoin(root, name).
func (p *packageOps) confined(call *ssa.Call, row *fsapi.Func) *Scope {
	common := call.Common()
	arg := row.Ops[0].Arg
	v, safe := argument(common, arg), result(call, 0)
	if v == nil || safe == nil {
		return nil
	}
	s := &Scope{Check: scopeOp(call, row, nil), About: Place, Path: p.num.Of(v), Safe: p.num.Of(safe), Error: true, Name: row.Has(fsapi.AtDir)}
	root := argument(common, arg+1)
	if s.Name {
		root = argument(common, arg-1)
	}
	if root != nil {
		s.Root = p.num.Of(root)
	}
	if err := lastResult(call); err != nil {
		s.answers = []ssa.Value{err}
	}
	return s
}

// compared is the question of a function that compares the text of a path:
// strings.HasPrefix(path, root+"/"), filepath.IsLocal(name).
func (p *packageOps) compared(call *ssa.Call, row *fsapi.Func) *Scope {
	common := call.Common()
	s := &Scope{Check: scopeOp(call, row, nil), answers: []ssa.Value{call}, Path: p.num.Of(argument(common, 0))}
	relative := false
	if s.Path.Kind == fspath.Pure && p.settings.Table.Lookup(s.Path.Name).Has(fsapi.Relates) && len(s.Path.Args) == 2 {
		s.Root, s.Path, relative = s.Path.Args[0], s.Path.Args[1], true
	}
	prefix := argument(common, 1)
	if prefix == nil { // IsLocal
		s.Name = !relative
		return s
	}
	against := p.num.Of(prefix)
	text, known := against.Text()
	switch {
	case row.Has(fsapi.TestsUpward) && text != ".." && text != "../":
		return nil // any text in any other
	case known && (text == ".." || strings.HasPrefix(text, "../")):
		s.Name = !relative
	case relative, known && (len(text) < 2 || !path.IsAbs(text)):
		return nil // a prefix of a name, and no directory
	default:
		s.Root = against
		if dir := against.Appended(); dir != nil && len(against.Args) == 2 {
			s.Root = dir // root + separator
		}
	}
	return s
}

// guarded is the check that a function makes according to its summary.
func (p *packageOps) guarded(call *ssa.Call, obj *types.Func, g *Guard) *Scope {
	row := p.settings.Table.Lookup(g.Func)
	if row == nil {
		return nil
	}
	s := &Scope{
		Check:    scopeOp(call, row, obj),
		About:    g.About,
		Property: g.Property,
		Name:     g.Name,
		Field:    g.Field,
	}
	if g.Path != nil {
		s.Path = p.num.Instantiate(g.Path, call.Common(), call)
	}
	if g.Root != nil {
		s.Root = p.num.Instantiate(g.Root, call.Common(), call)
	}
	if g.Answer > 0 {
		s.Error = fate.IsError(call.Common().Signature().Results().At(g.Answer - 1).Type())
		if answer := result(call, g.Answer-1); answer != nil {
			s.answers = []ssa.Value{answer}
		}
	}
	if g.Result > 0 {
		if v := result(call, g.Result-1); v != nil {
			s.Safe = p.num.Of(v)
		}
	}
	return s
}

// unmoved is the question whether a path is still the same when its links are
// resolved, or nil:
//
//	real, err := filepath.EvalSymlinks(path)
//	if real != filepath.Clean(path) {
func (p *packageOps) unmoved(cmp *ssa.BinOp) *Scope {
	if cmp.Op != token.NEQ && cmp.Op != token.EQL || !isText(cmp.X.Type()) {
		return nil
	}
	for _, v := range []ssa.Value{cmp.X, cmp.Y} {
		other := cmp.X
		if v == other {
			other = cmp.Y
		}
		path := p.num.Of(v)
		call, row := p.resolver(path)
		if call == nil {
			continue
		}
		against := p.used(p.num.Of(other))
		for _, w := range p.used(path).paths {
			if w != path && contains(against.paths, w) {
				return &Scope{Path: path, Check: scopeOp(call, row, nil), About: Place, answers: []ssa.Value{cmp}}
			}
		}
	}
	return nil
}

// scopeOp is the operation that represents a check in messages.
func scopeOp(call *ssa.Call, row *fsapi.Func, via *types.Func) *Op {
	return &Op{Effect: fsapi.Resolve, Call: call, Row: row, Via: via, At: call.Pos(), Deep: call.Pos(), Perm: -1}
}

// lastResult is the value of a call's last result, or nil if it is not used.
func lastResult(call *ssa.Call) ssa.Value {
	return result(call, call.Common().Signature().Results().Len()-1)
}

// Match says how what is used is what a question is about.
type Match struct {
	Value *fspath.Value // what both are computed from; nil if they have nothing in common
	Above bool          // the question is about a directory that the path lies in, and the use about what is in it
}

// Covers determines how the path of a check is related to a path that is used.
//
//	if isLink(path) { return errLink }
//	os.WriteFile(path, text, 0o644) // covered
//
// What an object is says nothing about the directory that it is in:
//
//	os.MkdirAll(filepath.Dir(path), 0o755) // not covered
func (r *Result) Covers(s *Scope, path *fspath.Value) Match { return r.pkg.covers(s, path) }

func (p *packageOps) covers(s *Scope, path *fspath.Value) Match {
	use := p.used(path)
	onlyAbove := func(v *fspath.Value) bool {
		return s.About == Object && contains(use.above, v) && !contains(s.subject.above, v)
	}
	for _, v := range use.paths {
		if onlyAbove(v) {
			continue
		}
		if s.isSafe(v) || contains(s.subject.paths, v) || s.subject.names.has(v, nil) {
			return Match{v, contains(s.subject.above, v)}
		}
	}
	for _, n := range use.names {
		if onlyAbove(n.value) {
			continue
		}
		if s.subject.names.meets(n) || n.base == nil && contains(s.subject.paths, n.value) {
			return Match{n.value, contains(s.subject.above, n.value)}
		}
	}
	if s.About != Text {
		for _, v := range use.dirs {
			if s.isSafe(v) || contains(s.subject.paths, v) {
				return Match{v, true}
			}
		}
	}
	return Match{}
}

// isSafe reports whether a value is the path that the check returns.
func (s *Scope) isSafe(v *fspath.Value) bool {
	if s.Safe == nil {
		return false
	}
	if s.Field == "" {
		return v == s.Safe
	}
	return v.Kind == fspath.Field && v.Name == s.Field && v.Args[0] == s.Safe
}

// branches lists the branches on an answer.
func branches(answer ssa.Value) []*ssa.If {
	var list []*ssa.If
	forward(answer, func(ref ssa.Instruction) {
		if branch, ok := ref.(*ssa.If); ok {
			list = append(list, branch)
		}
	})
	return list
}

// forward calls visit for the instructions that an answer flows into unchanged,
// negated, compared with nil or joined with others.
func forward(answer ssa.Value, visit func(ssa.Instruction)) {
	if answer == nil {
		return
	}
	seen := map[ssa.Value]bool{answer: true}
	for work := []ssa.Value{answer}; len(work) > 0; {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		refs := v.Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			visit(ref)
			switch ref := ref.(type) {
			case *ssa.UnOp, *ssa.BinOp, *ssa.Phi:
				if next := ref.(ssa.Value); !seen[next] {
					seen[next] = true
					work = append(work, next)
				}
			}
		}
	}
}
