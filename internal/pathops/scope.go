package pathops

import (
	"cmp"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// Scope is one question whether a path lies within a directory, or whether the
// object there has the right mode, owner or type.
type Scope struct {
	Path     *fspath.Value // what is held against the directory
	Check    *Op           // what asks
	Resolved bool          // links were resolved before: the answer is about the object
	Name     bool          // Path is a name that is looked up beneath the directory
	Safe     *fspath.Value // the path that is yielded if it does; nil for none
	Error    bool          // the answer is an error, not a bool
	Object   bool          // it is about the object's metadata, not about where it is
	Branches []*ssa.If     // the branches on the answer

	answer ssa.Value // nil if there is none besides Safe
	same   []*fspath.Value
}

// Guard is what a summary tells of a function that asks whether a path lies
// within a directory, and fails or says no if it does not.
type Guard struct {
	Path     *fspath.Expr
	Func     string // the function of the table that asks in the end
	Result   int    // one more than the result that is the path if it does; 0 for none
	Resolved bool
	Name     bool
	Object   bool
}

// maxGuards bounds the questions in a summary.
const maxGuards = 4

// scopes lists the questions that fn asks.
func (p *packageOps) scopes(fn *ssa.Function) []*Scope {
	var list []*Scope
	file := p.fileIn(fn)
	add := func(s *Scope) {
		if s == nil || s.Path == nil {
			return
		}
		var resolved bool
		s.same, resolved = p.spellings(s.Path, true)
		for _, v := range s.same {
			s.same = append(s.same, file(v))
		}
		s.Resolved = s.Resolved || resolved
		if s.answer != nil {
			s.Branches = branches(s.answer)
		}
		list = append(list, s)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Call:
				obj := fspath.Callee(instr.Common())
				if row := p.rowOf(obj); row != nil {
					add(p.asks(instr, row))
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

// asks is the question that a function of the table asks, or nil.
//
//	path, err := securejoin.SecureJoin(root, name) // confines
//	strings.HasPrefix(path, root)                  // asks whether it lies within
//	filepath.IsLocal(name)
//	info, err := os.Lstat(path)                    // asks for the object
//	strings.HasPrefix(name, "v")                   // nil: a prefix of a name
func (p *packageOps) asks(call *ssa.Call, row *fsapi.Func) *Scope {
	common := call.Common()
	s := &Scope{Check: scopeOp(call, row, nil), answer: call}
	switch {
	case row.Has(fsapi.Confines):
		v := argument(common, row.Ops[0].Arg)
		if v == nil || result(call, 0) == nil {
			return nil
		}
		s.Path, s.Safe, s.Resolved = p.num.Of(v), p.num.Of(result(call, 0)), true
		s.Error, s.answer, s.Name = true, lastResult(call), row.Has(fsapi.AtDir)
	case row.Has(fsapi.AsksWithin):
		s.Path = p.num.Of(argument(common, 0))
		relative := false
		if s.Path.Kind == fspath.Pure && p.settings.Table.Lookup(s.Path.Name).Has(fsapi.Relates) && len(s.Path.Args) == 2 {
			s.Path, relative = s.Path.Args[1], true
		}
		prefix := argument(common, 1)
		if prefix == nil { // IsLocal
			s.Name = !relative
			break
		}
		text, known := p.num.Of(prefix).Text()
		switch {
		case row.Has(fsapi.AsksUpward) && text != ".." && text != "../":
			return nil // any text in any other
		case known && (text == ".." || strings.HasPrefix(text, "../")):
			s.Name = !relative
		case relative, known && (len(text) < 2 || !path.IsAbs(text)):
			return nil // a prefix of a name, and no directory
		}
	case row.Gives == fsapi.Info && len(row.Ops) == 1 && row.Ops[0].Effect == fsapi.Check && row.Ops[0].Arg != fsapi.Recv && !row.Has(fsapi.Beneath):
		v := argument(common, row.Ops[0].Arg)
		if v == nil || result(call, 0) == nil {
			return nil
		}
		s.Path, s.Object, s.answer = p.num.Of(v), true, nil
		s.Branches = p.restrictions(result(call, 0))
	default:
		return nil
	}
	return s
}

// restrictions lists the branches on the mode, the owner or the type that
// metadata tell of. Whether it is a directory is left out: that picks what to
// do with it.
func (p *packageOps) restrictions(info ssa.Value) []*ssa.If {
	list := branchesBelow(info)
	return slices.DeleteFunc(list, func(branch *ssa.If) bool { return !p.about(branch.Cond, info, false, 0) })
}

// branchesBelow lists the branches, in the order of the function, on what is
// computed from a value.
func branchesBelow(v ssa.Value) []*ssa.If {
	var list []*ssa.If
	seen := map[ssa.Value]bool{v: true}
	for work := []ssa.Value{v}; len(work) > 0; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.Referrers() == nil {
			continue
		}
		for _, ref := range *x.Referrers() {
			switch ref := ref.(type) {
			case *ssa.If:
				list = append(list, ref)
			case *ssa.Call, *ssa.BinOp, *ssa.UnOp, *ssa.Convert, *ssa.ChangeType, *ssa.FieldAddr, *ssa.Extract, *ssa.TypeAssert:
				if next := ref.(ssa.Value); !seen[next] {
					seen[next] = true
					work = append(work, next)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b *ssa.If) int { return cmp.Compare(a.Block().Index, b.Block().Index) })
	return list
}

// about reports whether a value is computed from the mode, the owner or the
// type in metadata.
func (p *packageOps) about(v, info ssa.Value, property bool, depth int) bool {
	const maxSteps = 10
	if v == info {
		return property
	}
	if depth > maxSteps {
		return false
	}
	switch v := v.(type) {
	case *ssa.Call:
		row := p.num.Row(v)
		if row == nil || len(fspath.Arguments(v.Common())) == 0 {
			return false
		}
		switch row.Gives {
		case fsapi.Mode, fsapi.IsRegular, fsapi.Sys:
			return p.about(fspath.Arguments(v.Common())[0], info, true, depth+1)
		}
	case *ssa.BinOp:
		return p.about(v.X, info, property, depth+1) || p.about(v.Y, info, property, depth+1)
	case *ssa.UnOp:
		return p.about(v.X, info, property, depth+1)
	case *ssa.Convert:
		return p.about(v.X, info, property, depth+1)
	case *ssa.ChangeType:
		return p.about(v.X, info, property, depth+1)
	case *ssa.FieldAddr:
		return p.about(v.X, info, property, depth+1)
	case *ssa.Extract:
		return p.about(v.Tuple, info, property, depth+1)
	case *ssa.TypeAssert:
		return p.about(v.X, info, property, depth+1)
	}
	return false
}

// guarded is the question that a function asks by its summary.
func (p *packageOps) guarded(call *ssa.Call, obj *types.Func, g *Guard) *Scope {
	row := p.settings.Table.Lookup(g.Func)
	if row == nil {
		return nil
	}
	s := &Scope{
		Path:     p.num.Instantiate(g.Path, call.Common(), call),
		Check:    scopeOp(call, row, obj),
		Resolved: g.Resolved,
		Name:     g.Name,
		Object:   g.Object,
		answer:   lastResult(call),
	}
	s.Error = fate.IsError(call.Common().Signature().Results().At(call.Common().Signature().Results().Len() - 1).Type())
	if g.Result > 0 {
		if v := result(call, g.Result-1); v != nil {
			s.Safe = p.num.Of(v)
		}
	}
	return s
}

// unmoved is the question whether a path is still the same when its links are
// resolved, or nil.
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
		before, _ := p.spellings(path, false)
		against, _ := p.spellings(p.num.Of(other), false)
		for _, w := range before {
			if w != path && contains(against, w) {
				return &Scope{Path: path, Check: scopeOp(call, row, nil), Resolved: true, answer: cmp}
			}
		}
	}
	return nil
}

// scopeOp is the operation that stands for a question in messages.
func scopeOp(call *ssa.Call, row *fsapi.Func, via *types.Func) *Op {
	return &Op{Effect: fsapi.Resolve, Call: call, Row: row, Via: via, At: call.Pos(), Deep: call.Pos(), Perm: -1}
}

// lastResult is the value of a call's last result, or nil if it is not used.
func lastResult(call *ssa.Call) ssa.Value {
	return result(call, call.Common().Signature().Results().Len()-1)
}

// resolver returns the call that a path is the result of, if that resolves
// links.
func (p *packageOps) resolver(v *fspath.Value) (*ssa.Call, *fsapi.Func) {
	src := v.Src
	if x, ok := src.(*ssa.Extract); ok && x.Index == 0 {
		src = x.Tuple
	}
	call, ok := src.(*ssa.Call)
	if !ok || v.Kind != fspath.Unique {
		return nil, nil
	}
	row := p.num.Row(call)
	if row == nil || len(row.Ops) == 0 || row.Ops[0].Effect != fsapi.Resolve {
		return nil, nil
	}
	return call, row
}

// spellings lists the values that are other spellings of a path, or that it
// was resolved from, itself first: what it may be held to be when it was found
// to lie within a directory. With parents, a question about a path's directory
// is one about the path.
//
//	abs, err := filepath.Abs(path)
//	real, err := filepath.EvalSymlinks(abs) // real, abs and path; resolved
//	filepath.Dir(real)                      // and these, with parents
//	filepath.Join(path, "x")                // itself alone
func (p *packageOps) spellings(v *fspath.Value, parents bool) (list []*fspath.Value, resolved bool) {
	const most = 32
	seen := make(map[*fspath.Value]bool)
	var follow func(*fspath.Value)
	follow = func(v *fspath.Value) {
		if v == nil || v.Kind == fspath.Const || seen[v] || len(list) == most {
			return
		}
		seen[v] = true
		list = append(list, v)
		switch v.Kind {
		case fspath.Pure:
			row := p.settings.Table.Lookup(v.Name)
			if row.Has(fsapi.Respells) || parents && row.Has(fsapi.Ascends) {
				follow(v.Args[0])
			}
			if parents {
				follow(v.Appended()) // path + separator, against prefix + separator
			}
		case fspath.Unique:
			if call, row := p.resolver(v); call != nil {
				resolved = true
				if arg := argument(call.Common(), row.Ops[0].Arg); arg != nil {
					follow(p.num.Of(arg))
				}
				return
			}
			if phi, ok := v.Src.(*ssa.Phi); ok {
				for _, e := range phi.Edges {
					follow(p.num.Of(e))
				}
				return
			}
			from, safe := p.yieldedByGuard(v)
			resolved = resolved || safe
			follow(from)
		}
	}
	follow(v)
	return list, resolved
}

// yieldedByGuard returns the path that a value was made from by a function
// which has found it to lie within a directory, and whether it was resolved.
func (p *packageOps) yieldedByGuard(v *fspath.Value) (from *fspath.Value, resolved bool) {
	src, index := v.Src, 0
	if x, ok := src.(*ssa.Extract); ok {
		src, index = x.Tuple, x.Index
	}
	call, ok := src.(*ssa.Call)
	if !ok {
		return nil, false
	}
	sum := p.calleeSummary(call.Common(), fspath.Callee(call.Common()))
	if sum == nil {
		return nil, false
	}
	for i := range sum.Guards {
		if g := &sum.Guards[i]; g.Result == index+1 && !g.Object {
			return p.num.Instantiate(g.Path, call.Common(), call), g.Resolved
		}
	}
	return nil, false
}

// Covers reports whether the question is about the object that path names.
func (r *Result) Covers(s *Scope, path *fspath.Value) bool { return r.pkg.covers(s, path) }

// covers reports whether the answer to a question is about a path: the path itself,
// a spelling of it, or a part that decides where it lies.
//
//	if !filepath.IsLocal(name) { return errOutside } // s, about the name
//	filepath.Join(dir, name)                         // covered
//	filepath.Join(name, sub)                         // not: sub was not asked about
func (p *packageOps) covers(s *Scope, path *fspath.Value) bool {
	list, _ := p.spellings(path, false)
	for _, v := range list {
		if v == s.Safe || contains(s.same, v) {
			return true
		}
		for i, part := range v.Joined() {
			// A name was asked about, and is joined to the directory; or the
			// directory was, and the last element is joined to it again.
			respelt, _ := p.spellings(part, false)
			for _, w := range respelt {
				if i > 0 && s.Name && contains(s.same, w) {
					return true
				}
			}
			if i == 0 && contains(s.same, part) && len(v.Args) == 2 && p.settings.Table.Lookup(v.Args[1].Name).Has(fsapi.LastElement) && v.Args[1].Kind == fspath.Pure {
				return true
			}
		}
	}
	return false
}

func contains(list []*fspath.Value, v *fspath.Value) bool {
	for _, w := range list {
		if w == v {
			return true
		}
	}
	return false
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

// returned reports whether an answer, or its opposite, is what the function
// yields.
func returned(answer ssa.Value) bool {
	found := false
	forward(answer, func(ref ssa.Instruction) {
		if _, ok := ref.(*ssa.Return); ok {
			found = true
		}
	})
	return found
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

// guards computes what a summary tells of the questions that fn asks.
func (p *packageOps) guards(f *Func) []Guard {
	results := f.Fn.Signature.Results()
	if results.Len() == 0 {
		return nil
	}
	last := results.At(results.Len() - 1).Type()
	if !fate.IsError(last) && !(isBool(last) && results.Len() == 1) {
		return nil
	}
	var list []Guard
	for _, s := range f.Scopes {
		if len(list) == maxGuards || !p.settles(s) {
			continue
		}
		g := Guard{Func: s.Check.Row.Name, Resolved: s.Resolved, Name: s.Name, Object: s.Object}
		if g.Path = exportable(s.same, f.Fn); g.Path == nil {
			continue
		}
		g.Result = p.yields(f.Fn, s)
		if i := sameGuard(list, g); i >= 0 {
			list[i].Resolved = list[i].Resolved || g.Resolved
			continue
		}
		list = append(list, g)
	}
	return list
}

// sameGuard returns the index of the guard that is about the same path and result,
// or -1.
//
//	func inside(path string) bool { … } // two questions about path with one result are one guard
func sameGuard(list []Guard, g Guard) int {
	for i := range list {
		if list[i].Path.String() == g.Path.String() && list[i].Result == g.Result && list[i].Name == g.Name && list[i].Object == g.Object {
			return i
		}
	}
	return -1
}

// exportable returns the simplest of the spellings of a path that a caller can
// make sense of: a parameter before anything computed from it.
//
//	func open(name string) {
//		path := filepath.Join(base, name) // path and name can be exported: name is simpler
func exportable(spellings []*fspath.Value, fn *ssa.Function) *fspath.Expr {
	var best *fspath.Expr
	for _, v := range spellings {
		e := fspath.Export(v, fn)
		if e != nil && ofParameter(e) && (best == nil || e.Kind == fspath.Param && best.Kind != fspath.Param) {
			best = e
		}
	}
	return best
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

// settles reports whether the answer to a question decides what a function yields: an
// error, or false, on one arm of a branch on it; or the answer itself.
func (p *packageOps) settles(s *Scope) bool {
	if returned(s.answer) {
		return true
	}
	for _, branch := range s.Branches {
		for _, arm := range branch.Block().Succs {
			if p.refuses(arm, branch, s) {
				return true
			}
		}
	}
	return false
}

// refuses reports whether fn fails, or says always the same, on one arm of a
// branch.
//
//	if !inside { return false } // refuses
//	if !inside { return other() } // not known
func (p *packageOps) refuses(arm *ssa.BasicBlock, branch *ssa.If, s *Scope) bool {
	walk := fate.Walk{Know: &knowledge{p: p}}
	if s.Error && s.answer != nil {
		walk.Assume = map[ssa.Value]fate.Abs{s.answer: fate.NonNil}
	}
	ends := walk.FromBlock(arm, branch.Block(), fate.File)
	if ends.AllFail() {
		return true
	}
	results := arm.Parent().Signature.Results()
	if ends.Overflow || len(ends.All) == 0 || !isBool(results.At(0).Type()) {
		return false
	}
	first := fate.Unknown
	for i, end := range ends.All {
		if end.Return == nil || end.Results[0] == fate.Unknown || i > 0 && end.Results[0] != first {
			return false
		}
		first = end.Results[0]
	}
	return true
}

// yields returns one more than the result of fn that is the path in question,
// or 0.
func (p *packageOps) yields(fn *ssa.Function, s *Scope) int {
	if s.Object {
		return 0
	}
	for _, ret := range returns(fn) {
		for i, v := range ret.Results {
			if isText(v.Type()) && p.covers(s, p.num.Of(v)) {
				return i + 1
			}
		}
	}
	return 0
}
