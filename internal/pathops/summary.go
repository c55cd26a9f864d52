package pathops

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// Summary is the fact about a function: what a caller needs to know to see
// through it. Parameters are counted from 0, the receiver included.
type Summary struct {
	Paths    []PathSummary
	Results  []Derived      // those results that are paths, or hold paths, in terms of the parameters
	From     fspath.Origins // the origins of the paths that it returns
	NoReturn bool           // it never returns
	FailsOn  int            // one more than the parameter that it does not return for if that is an error; 0 for none
	Wraps    int            // one more than the parameter that its error result is nil for exactly if that is; 0 for none
	Locks    bool           // it takes a lock that other processes respect
	Digests  bool           // it hashes what it reads, or verifies it
	Guards   []Guard        // the paths that it refuses if they lie without a directory
}

// PathSummary is what a function does to one path.
type PathSummary struct {
	Path  *fspath.Expr
	Ops   []OpSummary // in order
	Opens int         // one more than the result that is an open file of the path, or holds one; 0 for none
	// OpensField is the field with the open file, if the result is a struct.
	OpensField string
	Outcomes   outcomes // how the call ends, by the state of the path

	pending func() *outcomes // computes Outcomes; nil once that is done
}

// outcomes returns how a call ends. It is computed on demand, because it takes a walk
// through the function for each state.
func (ps *PathSummary) outcomes() *outcomes {
	if ps.pending != nil {
		ps.Outcomes = *ps.pending()
		ps.pending = nil
	}
	return &ps.Outcomes
}

// OpSummary is one operation within a summary.
type OpSummary struct {
	Effect  fsapi.Effect
	Func    string // the function of the table that performs it
	In      string // the full name of the declared function that calls that
	Handle  bool
	Perm    int64
	Guarded bool // the path was checked before, within the function

	Answers []Answer // of a check: which results of the function contain what it found

	FlagsIn  int   // one more than the parameter with the flags of open(2), for ByFlags; 0 for none
	FlagsSet int64 // the flags that the function adds to those
	PermIn   int   // one more than the parameter with the mode, where Perm is -1; 0 for none

	Given []Given // what the arguments must be for it to run, as far as constants decide that

	deep token.Pos // where it is performed; only within the package
}

// Derived is a result in terms of the parameters, or a field of a struct that is
// the result. Results that are not known are left out of a summary, since a fact
// cannot hold a nil pointer.
type Derived struct {
	Index int
	Field string // "" for the result itself
	Expr  *fspath.Expr
}

// result returns result i in terms of the parameters, or nil.
func (s *Summary) result(i int) *fspath.Expr { return s.resultField(i, "") }

// resultField returns a field of result i in terms of the parameters, or nil.
func (s *Summary) resultField(i int, field string) *fspath.Expr {
	for _, r := range s.Results {
		if r.Index == i && r.Field == field {
			return r.Expr
		}
	}
	return nil
}

// fact returns the summary for export to other packages: final, and without references
// to the syntax or SSA form of this package.
func (s *Summary) fact() *Summary {
	fact := *s
	fact.Paths = slices.Clone(s.Paths)
	for i := range fact.Paths {
		fact.Paths[i].Outcomes = *s.Paths[i].outcomes()
		fact.Paths[i].pending = nil
	}
	return &fact
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// empty reports whether the summary has no information for callers.
func (s *Summary) empty() bool {
	if s.acts() || s.From != 0 {
		return false
	}
	for _, r := range s.Results {
		if r.Expr.Kind != fspath.Const {
			return false
		}
	}
	return true
}

// acts reports whether the summary has more than the results of the function.
//
//	func dir() string { return "/etc" }                      // does not: it returns a path
//	func load(path string) ([]byte, error) { … ReadFile … }  // does
//	func must(err error) { … }                               // does: FailsOn
func (s *Summary) acts() bool {
	return len(s.Paths) > 0 || s.NoReturn || s.FailsOn > 0 || s.Wraps > 0 || s.Locks || len(s.Guards) > 0
}

// chains reports whether the summary of fn only has the object that it returns: its
// receiver, for a chain of calls, or an object in the receiver.
func (s *Summary) chains(fn *types.Func) bool {
	return !s.acts() && s.From == 0 && !slices.ContainsFunc(s.Results, func(r Derived) bool {
		return r.Field == "" && isText(fn.Signature().Results().At(r.Index).Type())
	})
}

// verbs name the effects in a fact's text.
var verbs = map[fsapi.Effect]string{
	fsapi.Check:           "checks",
	fsapi.Open:            "opens",
	fsapi.Write:           "writes",
	fsapi.Create:          "creates",
	fsapi.CreateKeep:      "createsOrKeeps",
	fsapi.CreateExclusive: "createsExclusively",
	fsapi.CreateAtomic:    "replacesAtomically",
	fsapi.SetMode:         "setsMode",
	fsapi.SetOwner:        "setsOwner",
	fsapi.SetTimes:        "setsTimes",
	fsapi.SetAttr:         "setsAttr",
	fsapi.MakeDir:         "makesDir",
	fsapi.MakeDirAll:      "makesDirs",
	fsapi.Replace:         "replaces",
	fsapi.Move:            "moves",
	fsapi.Remove:          "removes",
	fsapi.RemoveAll:       "removesAll",
	fsapi.Link:            "links",
	fsapi.List:            "lists",
	fsapi.Walk:            "walks",
	fsapi.Resolve:         "resolves",
	fsapi.Exec:            "executes",
	fsapi.Listen:          "listens",
	fsapi.Connect:         "connects",
	fsapi.Lock:            "locks",
	fsapi.ChangeDir:       "entersDir",
	fsapi.Mount:           "mounts",
	fsapi.ByFlags:         "opensByFlags",
}

// String writes the summary as predicates, such as checks(0) creates(0.path).
func (s *Summary) String() string {
	var parts []string
	for _, p := range s.Paths {
		for _, o := range p.Ops {
			by := ""
			if o.FlagsIn > 0 {
				by = fmt.Sprintf(" by %d", o.FlagsIn-1)
			}
			parts = append(parts, fmt.Sprintf("%s(%s%s)%s", verbs[o.Effect], p.Path, by, answerText(o.Answers)))
		}
	}
	for _, r := range s.Results {
		if r.Expr.Kind != fspath.Const {
			field := ""
			if r.Field != "" {
				field = "." + r.Field
			}
			parts = append(parts, fmt.Sprintf("result%d%s(%s)", r.Index, field, r.Expr))
		}
	}
	if s.NoReturn {
		parts = append(parts, "noReturn")
	}
	if s.FailsOn > 0 {
		parts = append(parts, fmt.Sprintf("failsOn(%d)", s.FailsOn-1))
	}
	if s.Wraps > 0 {
		parts = append(parts, fmt.Sprintf("wraps(%d)", s.Wraps-1))
	}
	if s.Locks {
		parts = append(parts, "locks")
	}
	for _, g := range s.Guards {
		parts = append(parts, g.String())
	}
	return strings.Join(parts, " ")
}

// Bounds on a summary. A function that does more than that is no helper.
const (
	maxPaths = 12
	maxOps   = 8
)

// summarize computes what the callers of f need to know.
func (p *packageOps) summarize(f *Func) {
	s := p.summaries[f.Fn]
	s.NoReturn, s.FailsOn, s.Wraps = p.exits(f.Fn)
	byPath := make(map[*fspath.Value]*PathSummary)
	var order []*fspath.Value
	for _, op := range f.Ops {
		if op.Deferred {
			continue
		}
		ps, ok := byPath[op.Path]
		if !ok {
			e := fspath.Export(op.Path, f.Fn)
			if e == nil {
				e = p.resultPath(f.Fn, op.Path)
			}
			if e != nil && len(order) < maxPaths {
				ps = &PathSummary{Path: e}
				order = append(order, op.Path)
			}
			byPath[op.Path] = ps
		}
		if ps == nil {
			continue
		}
		o := OpSummary{Effect: op.Effect, Func: op.Row.Name, In: cmp.Or(op.In, fullName(f.Fn)), Handle: op.Handle, Perm: op.Perm, Guarded: op.Guarded, FlagsIn: op.flags.in, FlagsSet: op.flags.set, PermIn: op.permIn, deep: op.Deep, Answers: p.answers(f.Fn, op)}
		if given := append(givenAt(op.Call.Block()), op.given...); len(given) <= maxGiven {
			o.Given = given
		}
		for _, before := range ps.Ops {
			if !before.Handle && opensWindow(before.Effect, o.Effect) {
				o.Guarded = true
			}
		}
		if len(ps.Ops) < maxOps && !ps.has(o) {
			ps.Ops = append(ps.Ops, o)
		}
	}
	for _, path := range order {
		ps := byPath[path]
		if p.overwritesFound(f, path) {
			for i := range ps.Ops {
				if overwrites(ps.Ops[i].Effect) {
					ps.Ops[i].Guarded = false
				}
			}
		}
		ps.pending = func() *outcomes { return p.outcomesOf(f, path) }
		ps.Opens, ps.OpensField = p.handleResult(f.Fn, path)
		s.Paths = append(s.Paths, *ps)
	}
	s.Locks = p.locks(f.Fn)
	s.Digests = p.computesDigest(f.Fn)
	s.Guards = p.guards(f)
}

// overwritesFound reports whether a function that looks at the path first overwrites what
// it finds there: it looks to choose how, and what it does is no more guarded than a
// plain write.
//
//	if _, err := os.Stat(path); err == nil {
//		return os.WriteFile(path, data, 0o600)
//	}
//	return os.Rename(tmp, path)
//
// and not, since what is found is kept, or moved away:
//
//	if _, err := os.Stat(path); err == nil {
//		return nil
//	}
//	return os.WriteFile(path, data, 0o600)
func (p *packageOps) overwritesFound(f *Func, path *fspath.Value) bool {
	var check *Op
	at := make(map[ssa.CallInstruction]*Op)
	for _, op := range f.Ops {
		if op.Path != path || op.Handle || op.Deferred {
			continue
		}
		switch _, isCall := op.Call.(*ssa.Call); {
		case isCall && check == nil && op.Effect == fsapi.Check:
			check = op
		case check == nil:
			return false
		case overwrites(op.Effect) && !op.Guarded, op.Effect == fsapi.Move:
			at[op.Call] = op
		}
	}
	if check == nil || len(at) == 0 {
		return false
	}
	overwritten, moved := false, false
	walk := fate.Walk{Know: &knowledge{p: p, path: path}}
	walk.Visit = func(instr ssa.Instruction, _ fate.State) bool {
		if call, ok := instr.(ssa.CallInstruction); ok && at[call] != nil {
			overwritten = overwritten || overwrites(at[call].Effect)
			moved = moved || at[call].Effect == fsapi.Move
		}
		return true
	}
	return !walk.FromCall(check.Call, fate.File).Overflow && overwritten && !moved
}

// overwrites reports whether an operation of the effect leaves nothing of the file that
// it finds.
func overwrites(e fsapi.Effect) bool {
	return e == fsapi.Create || e == fsapi.CreateAtomic || e == fsapi.Replace
}

// fullName is the name of the declared function that fn is or is inside of.
func fullName(fn *ssa.Function) string {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		return obj.FullName()
	}
	return ""
}

// opensWindow reports whether an operation of the effect first is one that a
// later operation of the effect then trusts: the window between them is one
// within the function.
func opensWindow(first, then fsapi.Effect) bool {
	switch then {
	case fsapi.SetMode, fsapi.SetOwner:
		switch first {
		case fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.MakeDir, fsapi.MakeDirAll, fsapi.Replace, fsapi.Listen:
			return true
		}
	}
	return first == fsapi.Check || first == fsapi.Open
}

// has reports whether the operations on a path include one that is to a caller what o
// is.
//
//	os.WriteFile(path, a, 0o644)
//	os.WriteFile(path, b, 0o600) // the same
//	os.Create(path)              // another function
//	f.Write(c)                   // through the open file
func (ps *PathSummary) has(o OpSummary) bool {
	for i := range ps.Ops {
		have := &ps.Ops[i]
		if have.Effect == o.Effect && have.Func == o.Func && have.Handle == o.Handle && have.FlagsIn == o.FlagsIn {
			if !slices.Equal(have.Given, o.Given) {
				have.Given = nil // one of them runs, or may
			}
			return true
		}
	}
	return false
}

// returns lists the return instructions of fn.
func returns(fn *ssa.Function) []*ssa.Return {
	var list []*ssa.Return
	for _, b := range fn.Blocks {
		if n := len(b.Instrs); n > 0 {
			if ret, ok := b.Instrs[n-1].(*ssa.Return); ok {
				list = append(list, ret)
			}
		}
	}
	return list
}

// derived returns, by result, what fn returns in terms of its parameters: the value
// that all of its returns without an error agree on, or what fn chooses of several in the
// same way each time.
func (p *packageOps) derived(fn *ssa.Function) []Derived {
	results := fn.Signature.Results()
	var list []Derived
	for i := range results.Len() {
		if !derivable(results.At(i).Type()) {
			continue
		}
		var same *fspath.Value
		var given []*ssa.Return
		for _, ret := range returns(fn) {
			if last := ret.Results[len(ret.Results)-1]; i < len(ret.Results)-1 && fate.IsError(last.Type()) && isZero(ret.Results[i]) {
				continue // the result of a failure
			}
			given = append(given, ret)
		}
		for k, ret := range given {
			v := p.num.Of(ret.Results[i])
			if k > 0 && v != same {
				same = nil
				break
			}
			same = v
		}
		var e *fspath.Expr
		if same != nil {
			e = fspath.Export(same, fn)
		}
		if e == nil && isText(results.At(i).Type()) {
			e = p.num.Choice(fn, i, given)
		}
		if e != nil {
			list = append(list, Derived{Index: i, Expr: e})
		}
	}
	return append(list, p.derivedFields(fn)...)
}

// origins returns the origins of the strings that fn returns.
func (p *packageOps) origins(fn *ssa.Function) fspath.Origins {
	var from fspath.Origins
	for _, ret := range returns(fn) {
		for _, v := range ret.Results {
			if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Kind() == types.String {
				from |= p.num.Origins(p.num.Of(v))
			}
		}
	}
	return from
}

// derivable reports whether results of type t are worth following: paths, and
// the pointers to structs that hold them.
func derivable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.String
	case *types.Pointer:
		_, ok := u.Elem().Underlying().(*types.Struct)
		return ok
	}
	return false
}

func isZero(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.Value == nil || c.Value.ExactString() == `""`)
}

// locks reports whether fn takes a lock that other processes respect.
func (p *packageOps) locks(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && p.locksFile(call) {
				return true
			}
		}
	}
	return false
}

// computesDigest reports whether fn hashes something, or verifies a digest.
func (p *packageOps) computesDigest(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok && p.digests(call) {
				return true
			}
		}
	}
	return false
}

// digests reports whether a call computes a digest, or calls a function that does.
func (p *packageOps) digests(call *ssa.Call) bool {
	obj := fspath.Callee(call.Common())
	if p.rowOf(obj).Has(fsapi.Digests) {
		return true
	}
	sum := p.summary(call.Common().StaticCallee(), obj)
	return sum != nil && sum.Digests
}

// locksFile reports whether a call takes such a lock.
func (p *packageOps) locksFile(call *ssa.Call) bool {
	obj := fspath.Callee(call.Common())
	if p.rowOf(obj).Has(fsapi.LocksFile) {
		return true
	}
	sum := p.summary(call.Common().StaticCallee(), obj)
	return sum != nil && sum.Locks
}

// join returns what holds for both of two implementations of a method, or nil
// if they do not agree on the paths.
func (s *Summary) join(t *Summary) *Summary {
	if s.String() != t.String() {
		return nil
	}
	for i := range s.Paths {
		for st := range fate.States {
			if !s.Paths[i].outcomes().equal(t.Paths[i].outcomes(), st) {
				return nil
			}
		}
	}
	return s
}

func (o *outcomes) equal(p *outcomes, s fate.State) bool {
	if o.Known[s] != p.Known[s] || len(o.In[s]) != len(p.In[s]) {
		return false
	}
	for i := range o.In[s] {
		if !o.In[s][i].Equal(p.In[s][i]) {
			return false
		}
	}
	return true
}
