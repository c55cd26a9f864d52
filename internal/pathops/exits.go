package pathops

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// exits determines whether fn never returns, for which error it does not return, and
// which error it passes on.
//
//	func fatal(err error) { log.Print(err); os.Exit(1) }     // never returns
//	func must(err error) { if err != nil { panic(err) } }    // failsOn 1: its first parameter
//	func wrap(err error) error {                             // wraps 1
//		if err != nil {
//			return fmt.Errorf("open: %w", err)
//		}
//		return nil
//	}
//	func warn(err error) { log.Print(err) }                  // none of these
func (p *packageOps) exits(fn *ssa.Function) (never bool, failsOn, wraps int) {
	if len(fn.Blocks) == 0 || fn.Recover != nil {
		return false, 0, 0
	}
	results := fn.Signature.Results()
	returnsError := results.Len() == 1 && fate.IsError(results.At(0).Type())
	mayExit := p.mayExit(fn)
	if !returnsError && !mayExit {
		return len(returns(fn)) == 0, 0, 0 // what the walks below would find
	}
	for i, param := range fn.Params {
		if !fate.IsError(param.Type()) {
			continue
		}
		onErr := p.walkAssuming(fn, param, fate.NonNil)
		onNil := p.walkAssuming(fn, param, fate.Nil)
		if onErr.Overflow || onNil.Overflow {
			continue
		}
		if !canReturn(onErr) && canReturn(onNil) {
			failsOn = i + 1
		}
		if returnsError && onErr.AllFail() && canReturn(onErr) && !onNil.MayFail() {
			wraps = i + 1
		}
	}
	if len(returns(fn)) == 0 {
		return true, failsOn, wraps
	}
	if failsOn == 0 && mayExit {
		ends := p.walkAssuming(fn, nil, fate.Unknown)
		never = !ends.Overflow && !canReturn(ends) && len(ends.All) > 0
	}
	return never, failsOn, wraps
}

// mayExit reports whether a walk through fn can end without a return: whether
// fn panics, or calls what may not return.
func (p *packageOps) mayExit(fn *ssa.Function) bool {
	may, ok := p.exiting[fn]
	if ok {
		return may
	}
	p.exiting[fn] = true // while it is under way, for recursion
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Panic:
				return true
			case *ssa.Call:
				if p.callMayExit(instr.Common()) {
					return true
				}
			}
		}
	}
	p.exiting[fn] = false
	return false
}

// callMayExit reports whether a call ends the program, or may.
//
//	os.Exit(1), log.Fatal(err), must(err)
//	log.Print(err) // returns
func (p *packageOps) callMayExit(c *ssa.CallCommon) bool {
	obj := fspath.Callee(c)
	if row := p.rowOf(obj); row != nil {
		return row.Has(fsapi.NoReturn) || row.Has(fsapi.Fails)
	}
	callee := c.StaticCallee()
	sum := p.summary(callee, obj)
	return sum != nil && (sum.NoReturn || sum.FailsOn > 0 || callee != nil && p.mayExit(callee))
}

func (p *packageOps) walkAssuming(fn *ssa.Function, v ssa.Value, a fate.Abs) fate.Ends {
	w := fate.Walk{Know: &knowledge{p: p}}
	if v != nil {
		w.Assume = map[ssa.Value]fate.Abs{v: a}
	}
	return w.FromEntry(fn, fate.File)
}

func canReturn(e fate.Ends) bool {
	for _, end := range e.All {
		if end.Return != nil {
			return true
		}
	}
	return false
}

// evaluation is what a function of this package does with given arguments.
type evaluation struct {
	outcome fate.Outcome
	known   bool
}

// effectOnErrors determines how a call ends that does not operate on the path, as far
// as that depends on its error arguments: fatalIf(err) and wrap(err).
func (p *packageOps) effectOnErrors(c *ssa.CallCommon, obj *types.Func, args fate.Tuple, state fate.State) ([]fate.Outcome, bool) {
	callee := c.StaticCallee()
	sum := p.summary(callee, obj)
	if sum == nil {
		return wrapsUnseen(c, args, state)
	}
	if sum.NoReturn {
		return nil, true
	}
	if i := sum.FailsOn - 1; i >= 0 && i < len(args) {
		switch isNil, known := args[i].IsNil(); {
		case known && !isNil:
			return nil, true
		case known:
			return []fate.Outcome{{State: state}}, true
		}
	}
	if i := sum.Wraps - 1; i >= 0 && i < len(args) && args[i] != fate.Unknown {
		return []fate.Outcome{{Results: fate.Tuple{args[i]}, State: state}}, true
	}
	return p.evaluate(callee, args, state)
}

// wrapsUnseen is for an unknown function: one with an error parameter and an error
// result is assumed to wrap the error.
func wrapsUnseen(c *ssa.CallCommon, args fate.Tuple, state fate.State) ([]fate.Outcome, bool) {
	results := c.Signature().Results()
	if results.Len() != 1 || !fate.IsError(results.At(0).Type()) {
		return nil, false
	}
	for i, v := range fspath.Operands(c) {
		if conv, ok := v.(*ssa.ChangeInterface); ok {
			v = conv.X
		}
		if i < len(args) && fate.IsError(v.Type()) {
			if isNil, known := args[i].IsNil(); known && !isNil {
				return []fate.Outcome{{Results: fate.Tuple{fate.NonNil}, State: state}}, true
			}
		}
	}
	return nil, false
}

// evaluate walks a small function of this package with the errors and bools
// that it is given.
//
//	func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) } // known of each error
//	func wrap(err error) error { return fmt.Errorf("open: %w", err) }      // an error if err is one
//	func large(n int) bool { return n > max }                              // not known
func (p *packageOps) evaluate(fn *ssa.Function, args fate.Tuple, state fate.State) ([]fate.Outcome, bool) {
	const maxBlocks = 40
	if fn == nil || len(fn.Blocks) == 0 || len(fn.Blocks) > maxBlocks || fn.Recover != nil || len(args) < len(fn.Params) {
		return nil, false
	}
	assume := make(map[ssa.Value]fate.Abs)
	key := fmt.Sprintf("%p", fn)
	for i, param := range fn.Params {
		if args[i] != fate.Unknown && (fate.IsError(param.Type()) || isBool(param.Type())) {
			assume[param] = args[i]
			key += fmt.Sprintf(" %d:%d", i, args[i])
		}
	}
	if results := fn.Signature.Results(); len(assume) == 0 && (results.Len() != 1 || !fate.IsError(results.At(0).Type())) {
		return nil, false // its result is not known, unless it creates an error
	}
	e, ok := p.evals[key]
	if !ok {
		p.evals[key] = evaluation{} // while it is under way, for recursion
		walk := fate.Walk{Know: &knowledge{p: p}, Assume: assume}
		e = joinEnds(walk.FromEntry(fn, fate.File))
		p.evals[key] = e
	}
	if !e.known {
		return nil, false
	}
	o := e.outcome
	o.State = state
	return []fate.Outcome{o}, true
}

// joinEnds is what all ends have in common.
func joinEnds(ends fate.Ends) evaluation {
	if ends.Overflow || len(ends.All) == 0 {
		return evaluation{}
	}
	var joined *fate.Outcome
	for _, end := range ends.All {
		if end.Return == nil {
			continue
		}
		if joined == nil {
			joined = &fate.Outcome{Results: append(fate.Tuple(nil), end.Results...)}
			continue
		}
		for i := range joined.Results {
			if joined.Results[i] != end.Results[i] {
				joined.Results[i] = fate.Unknown
			}
		}
	}
	if joined == nil {
		return evaluation{fate.Outcome{Exits: true}, true}
	}
	return evaluation{*joined, true}
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}
