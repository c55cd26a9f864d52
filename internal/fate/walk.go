package fate

import (
	"encoding/binary"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// maxSteps bounds the blocks that one walk enters. Real functions need a few
// dozen; a walk that needs more says so, and nothing is concluded from it.
const maxSteps = 4000

// Walk is one walk through a function.
type Walk struct {
	Know Knowledge

	// Disturb is the call at which another process has put the path into the state
	// After; nil for a walk without interference.
	Disturb ssa.CallInstruction
	After   State

	// Visit is called for each instruction that is reached. If it returns
	// false the walk does not go on from there.
	Visit func(instr ssa.Instruction, state State) bool

	// Assume is what is known of values from the start, such as parameters.
	Assume map[ssa.Value]Abs

	ends   Ends
	seen   map[string]bool
	effort *Effort
	fn     *terrain
	work   []point
	steps  int
	key    []byte // reused
}

// point is where a walk goes on.
type point struct {
	block     *ssa.BasicBlock
	index     int // of the next instruction
	env       env
	state     State
	disturbed bool
}

// FromEntry walks fn from its start, with the path in state s.
func (w *Walk) FromEntry(fn *ssa.Function, s State) Ends {
	if len(fn.Blocks) == 0 {
		return Ends{Overflow: true}
	}
	w.begin(fn)
	w.work = append(w.work, point{block: fn.Blocks[0], env: w.initial(), state: s})
	return w.run()
}

// FromCall walks on from a call, which is taken to be made with the path in
// state s, and knows what the branches that lead to the call have decided.
func (w *Walk) FromCall(call ssa.CallInstruction, s State) Ends {
	b := call.Block()
	w.begin(b.Parent())
	w.work = append(w.work, point{block: b, index: slices.Index(b.Instrs, ssa.Instruction(call)), env: w.given(w.initial(), b), state: s})
	return w.run()
}

// FromBlock walks on from the edge between two blocks, with the path in state s,
// and knows what the branch that leads there has decided.
func (w *Walk) FromBlock(to, from *ssa.BasicBlock, s State) Ends {
	w.begin(from.Parent())
	e := w.initial()
	if branch, ok := from.Instrs[len(from.Instrs)-1].(*ssa.If); ok && from.Succs[0] != from.Succs[1] {
		e = w.learn(e, branch.Cond, to == from.Succs[0])
	}
	w.enter(point{block: from, env: e, state: s}, to)
	return w.run()
}

// given adds to e what the branches that dominate a block have decided.
//
//	if key == nil {
//		if _, err := os.Stat(path); err == nil { // from here on key == nil, unless it is set
//			key, err = os.ReadFile(path)
//		}
//	}
//	if key == nil {
//		return errNoKey // where the file is absent
//	}
//
// What a variable in memory holds may have changed since.
func (w *Walk) given(e env, b *ssa.BasicBlock) env {
	for c := range Conditions(b) {
		e = w.learn(e, c.Cond, c.Value)
	}
	for i := 0; i < len(e); i++ {
		if _, known := w.Assume[e[i].v]; !known && w.fn.trackable(e[i].v) {
			e = e.set(w.fn, e[i].v, Unknown)
			i--
		}
	}
	return e
}

// begin makes ready for a walk through fn.
func (w *Walk) begin(fn *ssa.Function) {
	w.effort = w.Know.Effort()
	w.fn = w.effort.terrain(fn)
	w.ends, w.seen, w.work, w.steps = Ends{}, make(map[string]bool), nil, 0
}

func (w *Walk) initial() env {
	var e env
	for v, a := range w.Assume {
		e = e.set(w.fn, v, a)
	}
	return e
}

func (w *Walk) run() Ends {
	for len(w.work) > 0 {
		p := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		fn := p.block.Parent()
		if w.steps++; w.steps > maxSteps || w.effort.hopeless(fn) || !w.effort.spend(fn, len(p.block.Instrs)-p.index) {
			w.effort.giveUp(fn)
			w.ends.Overflow = true
			break
		}
		w.block(p)
	}
	return w.ends
}

// block walks from p to the end of p's block.
func (w *Walk) block(p point) {
	for ; p.index < len(p.block.Instrs); p.index++ {
		instr := p.block.Instrs[p.index]
		if _, isPhi := instr.(*ssa.Phi); !isPhi && w.Visit != nil && !w.Visit(instr, p.state) {
			return
		}
		switch instr := instr.(type) {
		case *ssa.Phi: // done on the edge
		case *ssa.If:
			w.branch(p, instr)
		case *ssa.Jump:
			w.enter(p, p.block.Succs[0])
		case *ssa.Return:
			results := make(Tuple, len(instr.Results))
			for i, r := range instr.Results {
				results[i] = w.eval(p.env, r)
			}
			w.end(End{Return: instr, Results: results, State: p.state, Disturbed: p.disturbed, Raised: raised(p.env)})
		case *ssa.Panic:
			w.end(End{State: p.state, Disturbed: p.disturbed})
		case *ssa.Store:
			p.env = p.env.set(w.fn, instr.Addr, Unknown)
			if w.fn.trackable(instr.Addr) || raises(instr.Addr) {
				p.env = p.env.set(w.fn, instr.Addr, w.eval(p.env, instr.Val))
			}
		case *ssa.Call:
			if !w.call(&p, instr) {
				return
			}
		case *ssa.Extract: // done at the call
		case ssa.Value:
			p.env = p.env.set(w.fn, instr, w.compute(p.env, instr))
		}
	}
}

// call steps over a call. Where it can end in several ways the walk forks; it
// returns false if nothing is left to do at p.
func (w *Walk) call(p *point, call *ssa.Call) bool {
	if call == w.Disturb && !p.disturbed {
		p.state, p.disturbed = w.After, true
	}
	common := call.Common()
	operands := fspath.Operands(common)
	args := make(Tuple, len(operands))
	for i, v := range operands {
		args[i] = w.eval(p.env, v)
	}
	outcomes, known := w.outcomes(call, args, p.state)
	if !known {
		outcomes = []Outcome{{State: p.state}}
	}
	if len(outcomes) == 0 {
		outcomes = []Outcome{{State: p.state, Exits: true}}
	}
	var ways []point
	for _, o := range outcomes {
		if o.Exits {
			w.end(End{State: o.State, Disturbed: p.disturbed})
			continue
		}
		way := *p
		way.state = o.State
		way.env = w.bind(p.env, call, o.Results)
		ways = append(ways, way)
	}
	if len(ways) == 0 {
		return false
	}
	*p = ways[0]
	for _, way := range ways[1:] {
		way.index++
		w.work = append(w.work, way)
	}
	return true
}

// outcomes returns the ways in which a call can end. If those of a call on a special file
// are not known, they are those on any file, except for the results of metadata.
func (w *Walk) outcomes(call ssa.CallInstruction, args Tuple, s State) ([]Outcome, bool) {
	if list, known := w.Know.Outcomes(call, args, s); known || s != Special {
		return list, known
	}
	list, known := w.Know.Outcomes(call, args, File)
	odd := make([]Outcome, len(list))
	for i, o := range list {
		o.Results = slices.Clone(o.Results)
		for j, a := range o.Results {
			if a == InfoFile {
				o.Results[j] = InfoOdd
			}
		}
		if o.State == File {
			o.State = Special
		}
		odd[i] = o
	}
	return odd, known
}

// bind records the results of a call.
func (w *Walk) bind(e env, call *ssa.Call, results Tuple) env {
	if len(*call.Referrers()) == 0 {
		return e // the results are not used
	}
	if _, multi := call.Type().(*types.Tuple); !multi {
		a := Unknown
		if len(results) > 0 {
			a = results[0]
		}
		return e.set(w.fn, call, a)
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			a := Unknown
			if x.Index < len(results) {
				a = results[x.Index]
			}
			e = e.set(w.fn, x, a)
		}
	}
	return e
}

// end notes an end of the function, once.
//
//	for scanner.Scan() {
//		lines++
//	}
//	return nil // one end, whatever the number of rounds
//
//	return err // two, if err is nil on one way and an error on another
func (w *Walk) end(e End) {
	for _, have := range w.ends.All {
		if have.Return == e.Return && have.State == e.State && have.Disturbed == e.Disturbed && have.Raised == e.Raised && slices.Equal(have.Results, e.Results) {
			return
		}
	}
	w.ends.All = append(w.ends.All, e)
}

// branch takes the ways that the condition allows, and learns from each.
func (w *Walk) branch(p point, i *ssa.If) {
	switch w.eval(p.env, i.Cond) {
	case True:
		w.enter(p, p.block.Succs[0])
	case False:
		w.enter(p, p.block.Succs[1])
	default:
		for n, holds := range []bool{true, false} {
			q := p
			q.env = w.learn(p.env, i.Cond, holds)
			w.enter(q, p.block.Succs[n])
		}
	}
}

// enter goes on at the start of block to.
func (w *Walk) enter(p point, to *ssa.BasicBlock) {
	edge := slices.Index(to.Preds, p.block)
	next := p.env
	for _, instr := range to.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if w.Visit != nil && !w.Visit(phi, p.state) {
			return
		}
		next = next.set(w.fn, phi, w.eval(p.env, phi.Edges[edge]))
	}
	next = next.live(w.fn, to)
	key := binary.AppendUvarint(w.key[:0], uint64(to.Index))
	key = append(key, byte(p.state), byte(Bool(p.disturbed)))
	key = next.key(key)
	w.key = key
	if w.seen[string(key)] {
		return
	}
	w.seen[string(key)] = true
	w.work = append(w.work, point{block: to, env: next, state: p.state, disturbed: p.disturbed})
}
