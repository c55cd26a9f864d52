package race

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// evidence is what a whole package tells about its files.
type evidence struct {
	ops    *pathops.Result
	read   map[string]bool // the tails of paths that are opened
	strict map[string]bool // those of which some reader fails over what it cannot parse, or hands it on
	moved  map[string]bool // the tails of paths that are renamed to others
	atomic bool            // some file is replaced whole

	// callers are, by the place of an operation on a parameter, the paths that
	// callers in the package hand to it.
	callers map[token.Pos][]handed

	funcs map[*ssa.Function]*pathops.Func
	calls map[*ssa.Function][]*ssa.CallCommon // the calls of a function by name, in the package
	locks *lockFiles
	held  map[string][]heldFile // by type and field of a path, the fields with the files opened by it
}

// handed is a path that a function hands to another one.
type handed struct {
	path *fspath.Value
	by   *ssa.Function
}

func newEvidence(ops *pathops.Result) *evidence {
	ev := &evidence{ops: ops, read: make(map[string]bool), moved: make(map[string]bool), strict: make(map[string]bool), callers: make(map[token.Pos][]handed), funcs: make(map[*ssa.Function]*pathops.Func), calls: make(map[*ssa.Function][]*ssa.CallCommon), held: heldFiles(ops), locks: newLockFiles(ops)}
	for _, f := range ops.Funcs {
		ev.funcs[f.Fn] = f
		if ops.InTest(f.Fn) {
			continue // tests are there under go vet, and not on the command line
		}
		ev.noteCalls(f.Fn)
		for _, op := range f.Ops {
			switch op.Effect {
			case fsapi.Open:
				for _, t := range identities(op.Path) {
					ev.read[t] = true
					ev.strict[t] = ev.strict[t] || !heals(ops, op)
				}
			case fsapi.Move:
				if t := tail(op.Path); t != "" {
					ev.moved[t] = true
				}
			case fsapi.CreateAtomic, fsapi.Replace:
				ev.atomic = true
			case fsapi.Create:
				if op.Via != nil {
					ev.callers[op.Deep] = append(ev.callers[op.Deep], handed{op.Path, f.Fn})
				}
			}
		}
	}
	return ev
}

// noteCalls records which functions fn calls by their names.
func (ev *evidence) noteCalls(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil && ev.ops.Ours(fspath.Callee(call.Common())) {
					ev.calls[callee] = append(ev.calls[callee], call.Common())
				}
			}
		}
	}
}

// shared reports whether a path may lie in the directory that everybody may
// write to, itself or by what callers in the package hand to its function for a
// directory.
func (ev *evidence) shared(path *fspath.Value) bool {
	origins := ev.ops.Numbers.Origins(path)
	if origins.Has(fsapi.TempDir) || origins.Fresh() {
		return !origins.Fresh()
	}
	elements := path.Joined()
	if len(elements) < 2 || elements[0].Kind != fspath.Param {
		return false
	}
	param := elements[0].Src.(*ssa.Parameter)
	i := slices.Index(param.Parent().Params, param)
	for _, call := range ev.calls[param.Parent()] {
		if from := ev.ops.Numbers.Origins(ev.ops.Numbers.Of(call.Args[i])); from.Has(fsapi.TempDir) && !from.Fresh() {
			return true
		}
	}
	return false
}

// heals reports whether a function that reads a file parses it, and succeeds
// even if it cannot: a cache that is made again.
func heals(ops *pathops.Result, open *pathops.Op) bool {
	call, ok := open.Call.(*ssa.Call)
	if !ok || !open.Direct() {
		return false
	}
	damaged := &unparsable{Knowledge: ops.Knowledge(open.Path), ops: ops}
	walk := fate.Walk{Know: damaged}
	ends := walk.FromCall(call, fate.File)
	return damaged.met && len(ends.All) > 0 && !ends.Overflow && !ends.MayFail()
}

// unparsable is knowledge of a run in which what is read does not parse.
type unparsable struct {
	fate.Knowledge
	ops *pathops.Result
	met bool
}

func (k *unparsable) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	c, ok := call.(*ssa.Call)
	if results := call.Common().Signature().Results(); ok && k.ops.Row(c).Has(fsapi.Loads) && results.Len() > 0 && fate.IsError(results.At(results.Len()-1).Type()) {
		k.met = true
		tuple := make(fate.Tuple, results.Len())
		tuple[len(tuple)-1] = fate.ErrOther
		return []fate.Outcome{{Results: tuple, State: s}}, true
	}
	return k.Knowledge.Outcomes(call, args, s)
}
