package pathops

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// Given is a condition of an operation on an argument of the call: the operation only runs
// if the argument equals, or does not equal, a constant.
//
//	func login(noticeFile string) error {
//		if noticeFile != "" {
//			return os.WriteFile(noticeFile, notice, 0o644) // given that argument 0 is not ""
//		}
//		…
//	}
//
//	login("")        // writes nothing
//	login(os.Args[1]) // may
type Given struct {
	Param int    // its index, the receiver first
	Equal bool   // whether the argument has to equal the constant
	Value string // the exact text of the constant, or "nil"
}

// maxGiven bounds the conditions of one operation.
const maxGiven = 4

// givenAt returns the conditions on parameters under which a block runs: those of the
// branches that it can be reached by only one arm of.
func givenAt(b *ssa.BasicBlock) []Given {
	var list []Given
	for ; b.Idom() != nil && len(list) < maxGiven; b = b.Idom() {
		above := b.Idom()
		branch, ok := above.Instrs[len(above.Instrs)-1].(*ssa.If)
		if !ok || len(b.Preds) != 1 {
			continue
		}
		if g, ok := givenBy(branch.Cond); ok {
			if b != above.Succs[0] {
				g.Equal = !g.Equal
			}
			list = append(list, g)
		}
	}
	return list
}

// givenBy returns what a condition compares a parameter with, if it does no more.
//
//	name == "", name != "", force, !force, handler == nil
func givenBy(cond ssa.Value) (Given, bool) {
	switch cond := cond.(type) {
	case *ssa.Parameter:
		return Given{Param: parameterIndex(cond), Equal: true, Value: "true"}, true
	case *ssa.UnOp:
		g, ok := givenBy(cond.X)
		g.Equal = !g.Equal
		return g, ok && cond.Op == token.NOT
	case *ssa.BinOp:
		if cond.Op != token.EQL && cond.Op != token.NEQ {
			return Given{}, false
		}
		x, y := cond.X, cond.Y
		if _, ok := x.(*ssa.Const); ok {
			x, y = y, x
		}
		param, isParam := x.(*ssa.Parameter)
		c, isConst := y.(*ssa.Const)
		if !isParam || !isConst {
			return Given{}, false
		}
		return Given{Param: parameterIndex(param), Equal: cond.Op == token.EQL, Value: exactText(c)}, true
	}
	return Given{}, false
}

func exactText(c *ssa.Const) string {
	if c.Value == nil {
		return "nil"
	}
	return c.Value.ExactString()
}

// givenThrough returns the conditions of a callee in terms of the parameters of the caller,
// as far as the arguments are parameters. It reports false if a constant argument refutes
// one, so that the call does not perform the operation.
func givenThrough(call ssa.CallInstruction, conditions []Given) (list []Given, performed bool) {
	args := fspath.Arguments(call.Common())
	for _, g := range conditions {
		if g.Param >= len(args) {
			continue
		}
		switch arg := args[g.Param].(type) {
		case *ssa.Const:
			if (exactText(arg) == g.Value) != g.Equal && hasText(arg, g) {
				return nil, false
			}
		case *ssa.Parameter:
			list = append(list, Given{parameterIndex(arg), g.Equal, g.Value})
		}
	}
	return list, true
}

// hasText reports whether a constant decides a condition: the zero value of a struct or
// of a type parameter, which has no text, does not.
func hasText(c *ssa.Const, g Given) bool { return c.Value != nil || g.Value == "nil" }
