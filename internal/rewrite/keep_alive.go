package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// KeepAlive keeps the file that a call asks for its descriptor from being
// collected while the descriptor is used. It reports whether it could: the
// file is in a variable of the function, and each call that is given the
// descriptor is done with it when it returns.
func (s *Site) KeepAlive(c *Call) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	file, body := s.object(sel.X), c.Function()
	if file == nil || body == nil || !isFile(file.Type()) {
		return false
	}
	opened := s.definition(body, file)
	if opened == nil || !s.assignedOnce(body, file, opened) || !s.borrowed(body, c) {
		return false
	}
	outer := s.Enclosing(opened.Pos())
	outer = outer[slices.Index(outer, ast.Node(opened))+1:]
	if functionOf(outer) != body {
		return false
	}
	stmt := ast.Stmt(opened)
	indent := s.Indent(opened.Pos())
	keep := s.Use("runtime", "KeepAlive", opened.End()) + "(" + file.Name() + ")\n"
	text := indent + "defer " + keep
	if loop(outer) != nil {
		// Deferred calls would pile up: it goes below the call.
		if _, i := list(c.Stmt, c.Outer); i < 0 || c.Outer[0] != outer[0] || !s.lent(c.CallExpr) {
			return false
		}
		if _, leaves := c.Stmt.(*ast.ReturnStmt); leaves {
			return false
		}
		stmt, text = c.Stmt, indent+keep
	} else {
		stmts, i := list(opened, outer)
		if i < 0 {
			return false
		}
		if i+1 < len(stmts) {
			if n, ok := stmts[i+1].(*ast.IfStmt); ok && n.Init == nil && n.End() <= c.Pos() && leaves(n.Body.List) {
				stmt = n // which handles the error
			}
		}
	}
	s.AfterLine(stmt.End(), text)
	return true
}

// borrowed reports whether what a call yields, a descriptor, goes only to calls
// that are done with it when they return: on the spot, or from a variable.
func (s *Site) borrowed(body ast.Node, c *Call) bool {
	if s.lent(c.CallExpr) {
		return true
	}
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 || s.unconverted(assign.Rhs[0]) != ast.Expr(c.CallExpr) {
		return false
	}
	fd := s.object(assign.Lhs[0])
	if fd == nil || !s.assignedOnce(body, fd, assign) {
		return false
	}
	all := true
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok && s.mentions(n, fd) {
			all = false // which may run later
		}
		if id, ok := n.(*ast.Ident); ok && s.info.Uses[id] == types.Object(fd) {
			all = all && s.lent(id)
		}
		return all
	})
	return all
}

// lent reports whether an expression is the first argument, converted or not,
// of a call that is done with it when it returns.
func (s *Site) lent(e ast.Expr) bool {
	for _, n := range s.around(e) {
		switch n := n.(type) {
		case *ast.ParenExpr:
		case *ast.CallExpr:
			if s.info.Types[n.Fun].IsType() {
				continue
			}
			fn := s.callee(n)
			return fn != nil && len(n.Args) > 0 && s.unconverted(n.Args[0]) == e && fsapi.Lookup(fn.FullName()).Has(fsapi.Borrows)
		default:
			return false
		}
	}
	return false
}
