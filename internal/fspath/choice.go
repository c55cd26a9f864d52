package fspath

import (
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Choice describes result i of fn if fn returns one of several values, and chooses it by
// what a second call with the same arguments finds as well: its parameters, fields,
// variables of the package, and the environment. Two such calls return the same path.
//
//	func statePath() string { // chosen of two paths, by $STATE_DIR
//		if dir := os.Getenv("STATE_DIR"); dir != "" {
//			return filepath.Join(dir, "state")
//		}
//		return filepath.Join(home(), ".state")
//	}
//
// It is nil if anything else decides, such as the file system, which another process
// changes between two calls, a clock, or a loop over a map:
//
//	func statePath() string {
//		if _, err := os.Stat("state"); err == nil {
//			return "state"
//		}
//		return "/var/lib/state"
//	}
//
// given are the returns of fn that do not fail. Which condition makes fn fail is of no
// interest: the calls that do not fail return the same.
func (n *Numbering) Choice(fn *ssa.Function, i int, given []*ssa.Return) *Expr {
	if fn.Recover != nil || len(fn.Blocks) > maxChoiceBlocks {
		return nil
	}
	c := &choice{n: n, fn: fn, seen: make(map[ssa.Value]bool)}
	for _, ret := range given {
		ways := c.ways(ret.Results[i], 0)
		if ways == nil {
			return nil
		}
		for _, e := range ways {
			c.part(e)
		}
	}
	ways := len(c.parts)
	if ways < 2 || ways > maxChoiceParts {
		return nil // all returns agree, or there are too many
	}
	leads := leadingTo(given)
	for _, b := range fn.Blocks {
		branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !ok || decided(b) != nil || !n.taken(fn)[b] {
			continue
		}
		if decides := leads[b.Succs[0]] && leads[b.Succs[1]]; decides && !c.add(branch.Cond) {
			return nil
		}
	}
	return &Expr{Kind: Chosen, Name: fn.String() + "#" + strconv.Itoa(i), Index: ways, Args: c.parts}
}

// Bounds on a function whose result is described as a choice: what helpers that find the
// path of a configuration have.
const (
	maxChoiceBlocks = 64
	maxChoiceParts  = 12
	maxChoiceDepth  = 6
)

// choice gathers what a result is computed from.
type choice struct {
	n     *Numbering
	fn    *ssa.Function
	seen  map[ssa.Value]bool
	parts []*Expr
}

// ways returns what a result can be, in terms of the parameters; nil if that is not known.
//
//	dir := home
//	if custom != "" {
//		dir = custom
//	}
//	return filepath.Join(dir, "state") // Join(home, "state"), Join(custom, "state")
func (c *choice) ways(v ssa.Value, depth int) []*Expr {
	if e := Export(c.n.Of(v), c.fn); e != nil {
		return []*Expr{e}
	}
	if depth > maxChoiceDepth {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Phi:
		var all []*Expr
		for _, edge := range c.n.inputs(v) {
			ways := c.ways(edge, depth+1)
			if ways == nil {
				return nil
			}
			all = append(all, ways...)
		}
		return all
	case *ssa.BinOp:
		if v.Op == token.ADD {
			return c.product(concat, []ssa.Value{v.X, v.Y}, depth)
		}
	case *ssa.Call:
		if row := c.n.Row(v); row != nil && row.Gives == fsapi.Pure {
			return c.product(Callee(v.Common()).FullName(), Operands(v.Common()), depth)
		}
	}
	return nil
}

// product returns a function of each combination of what its arguments can be.
func (c *choice) product(name string, args []ssa.Value, depth int) []*Expr {
	all := []*Expr{{Kind: Pure, Name: name}}
	for _, arg := range args {
		ways := c.ways(arg, depth+1)
		if ways == nil || len(all)*len(ways) > maxChoiceParts {
			return nil
		}
		var longer []*Expr
		for _, e := range all {
			for _, way := range ways {
				longer = append(longer, &Expr{Kind: Pure, Name: name, Args: append(slices.Clone(e.Args), way)})
			}
		}
		all = longer
	}
	return all
}

// add adds a value, or what it is computed from, in terms of the parameters. It reports
// whether a second call computes the same.
func (c *choice) add(v ssa.Value) bool {
	if c.seen[v] {
		return true
	}
	c.seen[v] = true
	if e := Export(c.n.Of(v), c.fn); e != nil {
		return c.part(e)
	}
	switch v := v.(type) {
	case *ssa.Phi:
		for _, e := range c.n.inputs(v) {
			if !c.add(e) {
				return false
			}
		}
		return true
	case *ssa.BinOp:
		return c.add(v.X) && c.add(v.Y)
	case *ssa.UnOp:
		return v.Op != token.MUL && v.Op != token.ARROW && c.add(v.X)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && c.call(call)
	case *ssa.Call:
		return c.call(v)
	}
	return false
}

// call adds a call of a function that depends on nothing but its arguments and the
// environment, whichever of its results is used.
//
//	home, err := os.UserHomeDir()
//	if strings.HasPrefix(path, "~") {
func (c *choice) call(call *ssa.Call) bool {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() == "len" && c.add(call.Call.Args[0])
	}
	row := c.n.Row(call)
	if row == nil || !repeats(row) {
		return false
	}
	for _, arg := range Operands(call.Common()) {
		if !c.add(arg) {
			return false
		}
	}
	return c.part(&Expr{Kind: Const, Name: row.Name})
}

// repeats reports whether a second call of a function with the same arguments returns the
// same: it depends on nothing else, or on the environment and the user.
//
//	filepath.Join(dir, name), os.Getenv("HOME"), os.TempDir()
//	time.Now(), os.CreateTemp(dir, "x-*") // do not repeat
func repeats(row *fsapi.Func) bool {
	return row.Gives == fsapi.Pure || row.From != 0 && row.From != fsapi.Argument
}

// part adds an expression once.
func (c *choice) part(e *Expr) bool {
	if !slices.ContainsFunc(c.parts, func(have *Expr) bool { return have.String() == e.String() }) {
		c.parts = append(c.parts, e)
	}
	return len(c.parts) <= maxChoiceParts
}

// leadingTo returns the blocks from which one of the returns can be reached.
func leadingTo(given []*ssa.Return) map[*ssa.BasicBlock]bool {
	leads := make(map[*ssa.BasicBlock]bool)
	var work []*ssa.BasicBlock
	for _, ret := range given {
		work = append(work, ret.Block())
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !leads[b] {
			leads[b] = true
			work = append(work, b.Preds...)
		}
	}
	return leads
}

// knownBy records a call that returns the value, for questions about the function.
func (v *Value) knownBy(call ssa.Value) *Value {
	if v.Kind == Chosen && v.Src == nil {
		v.Src = call
	}
	return v
}

// chosen returns the value that a function chooses of the first ways of args, by the
// others.
func (n *Numbering) chosen(name string, ways int, args []*Value) *Value {
	return n.intern(&Value{Kind: Chosen, Name: name, Ways: ways, Args: args})
}
