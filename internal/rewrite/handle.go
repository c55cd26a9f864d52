package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

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

// isFile reports whether t is *os.File.
func isFile(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	n, ok := types.Unalias(p.Elem()).(*types.Named)
	return ok && n.Obj().Name() == "File" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "os"
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

// streams reports whether a function only reads from or writes to what it is
// given, as those of these packages do, and never closes it.
func streams(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	p := fn.Pkg().Path()
	switch root, _, _ := strings.Cut(p, "/"); root {
	case "io", "bufio", "fmt", "encoding", "compress", "hash", "archive", "image", "bytes", "strings":
		return true
	}
	return p == "text/tabwriter" || p == "text/template" || p == "html/template"
}

// OnlyClosed reports whether nothing is done with the file that a call opens
// but to close it.
func (s *Site) OnlyClosed(c *Call) bool {
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) != 2 {
		return false
	}
	v := s.object(assign.Lhs[0])
	if v == nil || c.Declaration() == nil || assign.Tok != token.DEFINE {
		return false
	}
	only := true
	var stack []ast.Node
	ast.Inspect(c.Declaration(), func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && s.info.Uses[id] == v {
			sel, ok := stack[len(stack)-2].(*ast.SelectorExpr)
			only = only && ok && sel.Sel.Name == "Close"
		}
		return true
	})
	return only
}
