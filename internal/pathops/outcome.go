package pathops

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// outcomes holds, for each state of a path, how a call on it can end. It is part of a
// summary, and so of a fact.
type outcomes struct {
	Known [fate.States]bool
	In    [fate.States][]fate.Outcome
}

// nothingKnown is the outcome of a call that can end in any way.
func nothingKnown() *outcomes { return new(outcomes) }

// reaction is what an effect does in one state: the class of the error that it
// fails with, and the state that it leaves.
type reaction struct {
	err  fate.Abs
	next fate.State
}

// reacting is how an effect behaves, by the state of the path; in a special file it
// does what it does in any file.
type reacting [fate.Special]reaction

func (r *reacting) in(s fate.State) reaction {
	if s != fate.Special {
		return r[s]
	}
	odd := r[fate.File]
	if odd.next == fate.File {
		odd.next = fate.Special
	}
	return odd
}

// reactions says how the effects behave where nothing else fails. Effects
// that want an existing object are not listed: see existing.
var reactions = map[fsapi.Effect]reacting{
	fsapi.Create:          {{fate.Nil, fate.File}, {fate.Nil, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.CreateKeep:      {{fate.Nil, fate.File}, {fate.Nil, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.CreateAtomic:    {{fate.Nil, fate.File}, {fate.Nil, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.CreateExclusive: {{fate.Nil, fate.File}, {fate.ErrExist, fate.File}, {fate.ErrExist, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.Link:            {{fate.Nil, fate.File}, {fate.ErrExist, fate.File}, {fate.ErrExist, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.MakeDir:         {{fate.Nil, fate.Dir}, {fate.ErrExist, fate.File}, {fate.ErrExist, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.MakeDirAll:      {{fate.Nil, fate.Dir}, {fate.ErrOther, fate.File}, {fate.Nil, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.Replace:         {{fate.Nil, fate.File}, {fate.Nil, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.RemoveAll:       {{fate.Nil, fate.Absent}, {fate.Nil, fate.Absent}, {fate.Nil, fate.Absent}, {fate.ErrOther, fate.Denied}},
	fsapi.Remove:          {{fate.ErrNotExist, fate.Absent}, {fate.Nil, fate.Absent}, {fate.Nil, fate.Absent}, {fate.ErrOther, fate.Denied}},
	fsapi.Move:            {{fate.ErrNotExist, fate.Absent}, {fate.Nil, fate.Absent}, {fate.Nil, fate.Absent}, {fate.ErrOther, fate.Denied}},
	fsapi.Listen:          {{fate.Nil, fate.File}, {fate.ErrOther, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.List:            {{fate.ErrNotExist, fate.Absent}, {fate.ErrOther, fate.File}, {fate.Nil, fate.Dir}, {fate.ErrOther, fate.Denied}},
	fsapi.Write:           {{fate.ErrNotExist, fate.Absent}, {fate.Nil, fate.File}, {fate.ErrOther, fate.Dir}, {fate.ErrOther, fate.Denied}},
}

// existing is how an effect behaves that wants an object to be there.
var existing = reacting{{fate.ErrNotExist, fate.Absent}, {fate.Nil, fate.File}, {fate.Nil, fate.Dir}, {fate.ErrOther, fate.Denied}}

// rowOutcomes returns how a call of a function of the table can end.
func rowOutcomes(row *fsapi.Func, effect fsapi.Effect, results *types.Tuple) *outcomes {
	o := new(outcomes)
	if effect == fsapi.ByFlags {
		return o
	}
	react, ok := reactions[effect]
	if !ok {
		react = existing
	}
	if effect == fsapi.Open && row.Gives == fsapi.Contents {
		react[fate.Dir].err = fate.ErrOther // read(2) of a directory: EISDIR
	}
	for s := range fate.States {
		tuple := make(fate.Tuple, results.Len())
		for i := range tuple {
			tuple[i] = resultIn(row, i, results.At(i).Type(), s, react.in(s))
		}
		o.Known[s] = true
		o.In[s] = []fate.Outcome{{Results: tuple, State: react.in(s).next}}
		if effect == fsapi.Connect && (s == fate.File || s == fate.Special) {
			o.In[s] = append(o.In[s], refused(results, s)) // a socket may have no listener
		}
	}
	return o
}

// refused is the outcome of a call that fails for a reason other than the state of
// the path.
func refused(results *types.Tuple, s fate.State) fate.Outcome {
	tuple := make(fate.Tuple, results.Len())
	if last := len(tuple) - 1; last >= 0 && fate.IsError(results.At(last).Type()) {
		tuple[last] = fate.ErrOther
	}
	return fate.Outcome{Results: tuple, State: s}
}

// resultIn is what is known of result i in state s.
func resultIn(row *fsapi.Func, i int, t types.Type, s fate.State, r reaction) fate.Abs {
	if fate.IsError(t) {
		if row.Gives == fsapi.Exists || row.Gives == fsapi.IsDir {
			return fate.Nil // (bool, error): the answer is the bool
		}
		return r.err
	}
	if i > 0 {
		return fate.Unknown
	}
	switch row.Gives {
	case fsapi.Exists:
		return fate.Bool(s == fate.File || s == fate.Dir || s == fate.Special)
	case fsapi.IsDir:
		return fate.Bool(s == fate.Dir)
	case fsapi.Info:
		switch s {
		case fate.File:
			return fate.InfoFile
		case fate.Dir:
			return fate.InfoDir
		case fate.Special:
			return fate.InfoOdd
		}
		return fate.Nil
	case fsapi.Handle, fsapi.Scope:
		if r.err == fate.Nil {
			return fate.NonNil
		}
		return fate.Nil
	case fsapi.Contents:
		switch {
		case !isBytes(t):
		case r.err == fate.Nil:
			return fate.Filled
		default:
			return fate.Nil
		}
	}
	return fate.Unknown
}

func isBytes(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return ok && types.Identical(s.Elem(), types.Typ[types.Byte])
}

// maxOutcomes bounds how many outcomes a summary distinguishes.
const maxOutcomes = 6

// outcomesOf walks a function in each state of a path, and returns how that
// ends.
func (p *packageOps) outcomesOf(f *Func, path *fspath.Value) *outcomes {
	o := new(outcomes)
	looks := slices.ContainsFunc(f.Ops, func(op *Op) bool { return op.Path == path && op.Effect == fsapi.Check })
	for s := range fate.States {
		if s == fate.Special && !looks {
			continue // it is as with a file
		}
		walk := fate.Walk{Know: &knowledge{p: p, path: path}}
		ends := walk.FromEntry(f.Fn, s)
		if ends.Overflow {
			return o // what is too much to walk in one state is so in the others
		}
		if len(ends.All) > 4*maxOutcomes {
			continue
		}
		var out []fate.Outcome
		for _, e := range ends.All {
			out = addOutcome(out, fate.Outcome{Results: e.Results, State: e.State, Exits: e.Return == nil})
		}
		if len(out) <= maxOutcomes {
			o.Known[s], o.In[s] = true, out
		}
	}
	return o
}

func addOutcome(list []fate.Outcome, o fate.Outcome) []fate.Outcome {
	for _, have := range list {
		if have.Equal(o) {
			return list
		}
	}
	return append(list, o)
}

// knowledge is the call model of a walk that tracks one path.
type knowledge struct {
	p    *packageOps
	path *fspath.Value // nil to watch none
}

// Outcomes implements fate.Knowledge.
func (k *knowledge) Outcomes(call ssa.CallInstruction, args fate.Tuple, state fate.State) ([]fate.Outcome, bool) {
	if f := k.p.funcs[call.Parent()]; f != nil && k.path != nil {
		if s := f.sites[call]; s != nil {
			if o := s.outcomes(k.path); o != nil {
				return o.In[state], o.Known[state]
			}
		}
	}
	common := call.Common()
	obj := fspath.Callee(common)
	if obj != nil {
		if row := k.p.rowOf(obj); row != nil {
			return k.traits(row, common, args, state)
		}
	}
	return k.p.effectOnErrors(common, obj, args, state)
}

// traits models functions that inspect or wrap errors or exit because of them, and
// those that read metadata.
func (k *knowledge) traits(row *fsapi.Func, c *ssa.CallCommon, args fate.Tuple, state fate.State) ([]fate.Outcome, bool) {
	// What a row says of the first argument holds for the receiver of a method
	// without any, such as fs.FileInfo's.
	first := fate.Unknown
	switch {
	case len(args) > 1 && c.Signature().Recv() != nil, len(args) > 1 && c.IsInvoke():
		first = args[1]
	case len(args) > 0:
		first = args[0]
	}
	answer := func(a fate.Abs) ([]fate.Outcome, bool) {
		if a == fate.Unknown {
			return nil, false
		}
		return []fate.Outcome{{Results: fate.Tuple{a}, State: state}}, true
	}
	ask := func(class fate.Abs) ([]fate.Outcome, bool) {
		is, known := fate.Is(first, class)
		if !known {
			return nil, false
		}
		return answer(fate.Bool(is))
	}
	switch {
	case row.Has(fsapi.NoReturn):
		return nil, true
	case row.Has(fsapi.TestsNotExist):
		return ask(fate.ErrNotExist)
	case row.Has(fsapi.TestsExist):
		return ask(fate.ErrExist)
	case row.Has(fsapi.TestsIs):
		if len(c.Args) == 2 {
			return ask(k.Sentinel(c.Args[1]))
		}
	case row.Has(fsapi.Fails):
		switch isNil, known := first.IsNil(); {
		case known && !isNil:
			return nil, true
		case known:
			return []fate.Outcome{{State: state}}, true
		}
	case row.Has(fsapi.NewError), row.Has(fsapi.Wraps):
		return answer(k.wrapped(row, c, args))
	}
	switch row.Gives {
	case fsapi.IsDir, fsapi.IsRegular:
		switch {
		case first == fate.InfoFile:
			return answer(fate.Bool(row.Gives == fsapi.IsRegular))
		case first == fate.InfoDir:
			return answer(fate.Bool(row.Gives == fsapi.IsDir))
		case first == fate.InfoOdd:
			return answer(fate.False)
		}
	case fsapi.Mode, fsapi.Sys:
		if first == fate.InfoFile || first == fate.InfoDir || first == fate.InfoOdd {
			return answer(first)
		}
	}
	return nil, false
}

// wrapped is what is known of an error made from the errors among the
// arguments: it is of the class of the first that is known not to be nil, since
// errors.Is looks through, and nil if all of them are: errors.Join(nil, err) is err.
func (k *knowledge) wrapped(row *fsapi.Func, c *ssa.CallCommon, args fate.Tuple) fate.Abs {
	class, nils, unknown := fate.Unknown, false, false
	for i, v := range fspath.Operands(c) {
		if conv, ok := v.(*ssa.ChangeInterface); ok {
			v = conv.X
		}
		if i >= len(args) || !fate.IsError(v.Type()) {
			continue
		}
		switch a := args[i]; {
		case a == fate.Unknown:
			unknown = true
		case a == fate.Nil:
			nils = true
		case class == fate.Unknown:
			class = a
		}
	}
	switch {
	case class != fate.Unknown:
		return class
	case row.Has(fsapi.NewError):
		return fate.NonNil
	case nils && !unknown:
		return fate.Nil
	}
	return fate.Unknown
}

// Effort implements fate.Knowledge.
func (k *knowledge) Effort() *fate.Effort { return &k.p.effort }

// Sentinel implements fate.Knowledge.
func (k *knowledge) Sentinel(v ssa.Value) fate.Abs {
	switch x := v.(type) {
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok && g.Pkg != nil {
			return class(fsapi.Sentinel(g.Pkg.Pkg.Path() + "." + g.Name()))
		}
	case *ssa.MakeInterface:
		if c, ok := x.X.(*ssa.Const); ok && types.TypeString(c.Type(), nil) == "syscall.Errno" {
			switch integer(c) { // the numbers of Unix, which Windows' syscall shares in meaning only
			case 2:
				return fate.ErrNotExist
			case 17:
				return fate.ErrExist
			}
		}
	}
	return fate.Unknown
}

func class(c fsapi.ErrClass) fate.Abs {
	switch c {
	case fsapi.NotExist:
		return fate.ErrNotExist
	case fsapi.Exist:
		return fate.ErrExist
	}
	return fate.Unknown
}
