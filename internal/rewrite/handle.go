package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Handle returns the variable that holds the file that an operation has
// opened, if at the call use it certainly holds it still, open: it is in
// scope, assigned once, not closed, and the open has not failed.
func (s *Site) Handle(open *pathops.Op, use *Call) *types.Var {
	c := s.Call(open)
	if c == nil || !s.sameFunction(c, use) || c.Pos() > use.Pos() {
		return nil
	}
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || assign.Rhs[0] != ast.Expr(c.CallExpr) {
		return nil
	}
	v := s.object(assign.Lhs[0])
	if v == nil || !isFile(v.Type()) || s.lookup(v.Name(), use.Pos()) != types.Object(v) {
		return nil
	}
	body := c.Declaration()
	if body == nil || !s.assignedOnce(body, v, assign) || s.mayBeClosed(body, v, c, use) {
		return nil
	}
	if s.runsOnlyOpen(c, use) {
		return v
	}
	if s.Reaches(open, fate.Denied, s.Finding.Use) || open.Effect == fsapi.Open && s.Reaches(open, fate.Absent, s.Finding.Use) {
		return nil
	}
	return v
}

// runsOnlyOpen reports whether a call stands below the handling of another's
// error, which leaves.
func (s *Site) runsOnlyOpen(open, use *Call) bool {
	h := s.Handling(open)
	if h == nil || h.If == nil || h.Init || h.If.Else != nil || !leaves(h.If.Body.List) {
		return false
	}
	stmts, i := list(h.If, open.Outer)
	return i >= 0 && h.If.End() <= use.Pos() && use.Pos() < stmts[len(stmts)-1].End()
}

// sameFunction reports whether two calls stand in one function, and no jump
// makes their order in the source other than the one in which they run.
func (s *Site) sameFunction(c, use *Call) bool {
	body := c.Function()
	if body == nil || use.Function() != body {
		return false
	}
	jumps := false
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			jumps = true
		}
		return !jumps
	})
	return !jumps && loopsHold(c, use)
}

// loopsHold reports whether each loop around use is around c, too: otherwise
// what stands after use may run before it.
func loopsHold(c, use *Call) bool {
	around := make(map[ast.Node]bool)
	for _, n := range c.Outer {
		around[n] = true
	}
	for _, n := range use.Outer {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if !around[n] {
				return false
			}
		case *ast.FuncLit:
			return true
		}
	}
	return true
}

// isFile reports whether t is *os.File.
func isFile(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == "File" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "os"
}

// assignedOnce reports whether assign is the only statement that gives v a
// value, and nothing has its address.
func (s *Site) assignedOnce(body ast.Node, v *types.Var, assign *ast.AssignStmt) bool {
	once := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if s.object(lhs) == v && n != assign {
					once = false
				}
			}
		case *ast.RangeStmt:
			if n.Key != nil && s.object(n.Key) == v || n.Value != nil && s.object(n.Value) == v {
				once = false
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && s.object(n.X) == v {
				once = false
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if s.object(name) == v && i < len(n.Values) {
					once = false
				}
			}
		}
		return once
	})
	return once
}

// mayBeClosed reports whether the file in v may be closed after the call open
// and before the call use.
func (s *Site) mayBeClosed(body ast.Node, v *types.Var, open, use *Call) bool {
	closed := false
	var stack []ast.Node
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		id, ok := n.(*ast.Ident)
		if !ok || s.info.Uses[id] != types.Object(v) || id.Pos() <= open.End() || id.Pos() >= use.Pos() {
			return true
		}
		if !s.keepsOpen(stack) && !endsBefore(stack, use) {
			closed = true
		}
		return true
	})
	return closed
}

// endsBefore reports whether the innermost block with the last of the nodes
// leaves the function or the loop, and the call is not in it: what runs there
// does not run before the call.
func endsBefore(stack []ast.Node, use *Call) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		b, ok := stack[i].(*ast.BlockStmt)
		if !ok || len(b.List) == 0 {
			continue
		}
		if b.Pos() <= use.Pos() && use.Pos() < b.End() {
			return false
		}
		_, returns := b.List[len(b.List)-1].(*ast.ReturnStmt)
		return returns && !inLiteral(stack[:i])
	}
	return false
}

func inLiteral(stack []ast.Node) bool {
	for _, n := range stack {
		if _, ok := n.(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}

// keepsOpen reports whether a use of a file, the last of the nodes, leaves it
// open until the function ends.
func (s *Site) keepsOpen(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.DeferStmt:
			return true
		case *ast.SelectorExpr:
			if i != len(stack)-2 {
				continue
			}
			call, ok := stack[i-1].(*ast.CallExpr)
			return ok && call.Fun == ast.Expr(n) && n.Sel.Name != "Close" || s.deferred(stack)
		case *ast.CallExpr:
			return i == len(stack)-2 && streams(s.callee(n)) || s.deferred(stack)
		case *ast.BinaryExpr:
			return n.Op == token.EQL || n.Op == token.NEQ
		case ast.Stmt:
			return s.deferred(stack)
		}
	}
	return false
}

// deferred reports whether the last of the nodes runs when the function ends.
func (s *Site) deferred(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		if _, ok := stack[i].(*ast.DeferStmt); ok {
			return true
		}
	}
	return false
}
