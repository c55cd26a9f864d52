package race

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// emptyWhen returns the value of a comparison of a length with a constant that means that
// there is nothing.
//
//	len(entries) == 0 // true
//	len(entries) > 0  // false
func emptyWhen(instr ssa.Instruction) (value, known bool) {
	cmp, ok := instr.(*ssa.BinOp)
	if !ok {
		return false, false
	}
	count, ok := cmp.X.(*ssa.Call)
	c, also := cmp.Y.(*ssa.Const)
	if !ok || !also || !isLen(count) || c.Value == nil {
		return false, false
	}
	switch limit := c.Int64(); {
	case cmp.Op == token.EQL && limit == 0, cmp.Op == token.LSS && limit == 1, cmp.Op == token.LEQ && limit == 0:
		return true, true
	case cmp.Op == token.NEQ && limit == 0, cmp.Op == token.GTR && limit == 0, cmp.Op == token.GEQ && limit == 1:
		return false, true
	}
	return false, false
}

// endWhen returns the value of a condition that means that an error is io.EOF, which a
// listing of the next entries returns if there are none.
//
//	err == io.EOF          // true
//	errors.Is(err, io.EOF) // true
func endWhen(cond ssa.Value) (value, known bool) {
	switch cond := cond.(type) {
	case *ssa.BinOp:
		if (cond.Op == token.EQL || cond.Op == token.NEQ) && (isEOF(cond.X) || isEOF(cond.Y)) {
			return cond.Op == token.EQL, true
		}
	case *ssa.Call:
		if args := cond.Call.Args; fspath.Known(cond).Has(fsapi.TestsIs) && len(args) == 2 && isEOF(args[1]) {
			return true, true
		}
	}
	return false, false
}

// isEOF reports whether a value is io.EOF.
//
//	names, err := d.Readdirnames(1)
//	return err == io.EOF
//
// Not another variable of an error: err == errStopped.
func isEOF(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Name() == "EOF" && g.Pkg != nil && g.Pkg.Pkg.Path() == "io"
}

// emptyAnswer returns the result of a function that lists a directory which means that
// there is nothing in it.
//
//	return len(entries) == 0, nil // true
//
//	found := false
//	filepath.WalkDir(dir, func(...) error { found = true; ... })
//	return !found // true
func emptyAnswer(fn *ssa.Function) (value, known bool) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 || b == fn.Recover {
			continue
		}
		says, sure := false, false
		if c, isConst := returned(ret, 0).(*ssa.Const); isConst {
			if says, sure = emptyWhere(b, c); !sure {
				continue // it could not be listed
			}
		} else {
			says, sure = emptyValue(returned(ret, 0))
		}
		if !sure || known && says != value {
			return false, false
		}
		value, known = says, true
	}
	return value, known
}

// returned returns the value of a result, which a function that defers calls has put
// into a variable before these run.
func returned(ret *ssa.Return, i int) ssa.Value {
	v := ret.Results[i]
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	for _, instr := range ret.Block().Instrs {
		switch instr := instr.(type) {
		case *ssa.Store:
			if instr.Addr == load.X {
				v = instr.Val
			}
		case *ssa.Call:
			v = load // which may set a variable
		}
	}
	return v
}

// emptyWhere returns the value that a function returns in a block that is entered only if
// there is nothing.
//
//	if err == io.EOF {
//		return true, nil // true
//	}
func emptyWhere(b *ssa.BasicBlock, c *ssa.Const) (value, known bool) {
	if c.Value == nil || c.Value.Kind() != constant.Bool {
		return false, false
	}
	for _, cond := range conditions(b) {
		if end, sure := endWhen(cond.Cond); sure && end == cond.Value {
			return constant.BoolVal(c.Value), true
		}
	}
	return false, false
}

// emptyValue returns the value of v that means that there is nothing.
func emptyValue(v ssa.Value) (value, known bool) {
	switch v := v.(type) {
	case *ssa.BinOp:
		if value, known = endWhen(v); known {
			return value, true
		}
		return emptyWhen(v)
	case *ssa.Call:
		return endWhen(v)
	case *ssa.UnOp:
		switch v.Op {
		case token.NOT:
			value, known = emptyValue(v.X)
			return !value, known
		case token.MUL:
			return unsetValue(v.X)
		}
	}
	return false, false
}

// unsetValue returns the value that a variable keeps if no function literal that is called
// for an entry sets it: all of them set it to the other one.
func unsetValue(addr ssa.Value) (value, known bool) {
	variable, ok := addr.(*ssa.Alloc)
	if !ok {
		return false, false
	}
	for _, ref := range *variable.Referrers() {
		mk, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		lit := mk.Fn.(*ssa.Function)
		for i, b := range mk.Bindings {
			if b != ssa.Value(variable) {
				continue
			}
			for _, use := range *lit.FreeVars[i].Referrers() {
				store, ok := use.(*ssa.Store)
				if !ok {
					continue
				}
				c, ok := store.Val.(*ssa.Const)
				if !ok || c.Value == nil || c.Value.Kind() != constant.Bool {
					return false, false
				}
				set := constant.BoolVal(c.Value)
				if known && value == set {
					return false, false
				}
				value, known = !set, true
			}
		}
	}
	return value, known
}
