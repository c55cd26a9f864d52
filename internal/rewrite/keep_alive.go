package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
)

// KeepAlive keeps a file from being collected while the descriptor that a call has
// returned for it is used:
//
//	f, err := os.Open(p)
//	if err != nil {
//		return err
//	}
//	defer runtime.KeepAlive(f) // new; in a loop below the call instead
//	fd := int(f.Fd())
//	unix.Fsync(fd)
//
// The file is in a variable of the function, and each call that is given the
// descriptor is done with it when it returns. There is no plan where fd is stored, or
// goes to a function literal, which may run later.
func (s *Site) KeepAlive(c *Call) (*Plan, fix.Refusal) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, NoRewrite
	}
	file, body := s.object(sel.X), c.Function()
	if file == nil || body == nil || !isFile(file.Type()) {
		return nil, "the file is not in a variable"
	}
	opened := s.definition(body, file)
	if opened == nil || !s.assignedOnce(body, file, opened) {
		return nil, "the variable of the file is not assigned exactly once, in this function"
	}
	if !s.borrowed(body, c) {
		return nil, "the descriptor may be used after the calls that receive it have returned"
	}
	outer := s.Enclosing(opened.Pos())
	outer = outer[slices.Index(outer, ast.Node(opened))+1:]
	if functionOf(outer) != body {
		return nil, "the file is opened in another function literal"
	}
	if loop(outer) != nil {
		return s.keepBelow(c, file, outer[0])
	}
	stmt := ast.Stmt(opened)
	stmts, i := list(opened, outer)
	if i < 0 {
		return nil, "the file is opened in the header of a statement"
	}
	if i+1 < len(stmts) && handlesOpen(stmts[i+1], c) {
		stmt = stmts[i+1]
	}
	p := s.plan()
	p.AfterLine(stmt.End(), s.Indent(opened.Pos())+"defer "+p.keep(file, opened.End()))
	return p.done()
}

// handlesOpen reports whether a statement handles the error of an open, and ends
// before a call.
//
//	f, err := os.Open(p)
//	if err != nil { // this one
//		return err
//	}
//	fd := int(f.Fd()) // c
//
//	if ok := lock(int(f.Fd())); !ok { // the call is within
func handlesOpen(stmt ast.Stmt, c *Call) bool {
	n, ok := stmt.(*ast.IfStmt)
	return ok && n.Init == nil && n.End() <= c.Pos() && leaves(n.Body.List)
}

// keepBelow is KeepAlive in a loop, where deferred calls would pile up: the file is
// kept below the call. block is where the file was opened.
func (s *Site) keepBelow(c *Call, file *types.Var, block ast.Node) (*Plan, fix.Refusal) {
	if _, i := list(c.Stmt, c.Outer); i < 0 || c.Outer[0] != block || !s.lent(c.CallExpr) {
		return nil, "the descriptor is used elsewhere in the loop"
	}
	if _, leaves := c.Stmt.(*ast.ReturnStmt); leaves {
		return nil, "the call that uses the descriptor is returned from a loop"
	}
	p := s.plan()
	p.AfterLine(c.Stmt.End(), s.Indent(c.Stmt.Pos())+p.keep(file, c.Stmt.End()))
	return p.done()
}

// keep returns a line that keeps a file alive.
func (p *Plan) keep(file *types.Var, pos token.Pos) string {
	return p.Use("runtime", "KeepAlive", pos) + "(" + file.Name() + ")\n"
}

// borrowed reports whether the descriptor that a call returns goes only to calls that are
// done with it when they return: directly, or from a variable.
func (s *Site) borrowed(body ast.Node, c *Call) bool {
	if s.lent(c.CallExpr) {
		return true
	}
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || !s.declaresOnly(assign, c) {
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

// declaresOnly reports whether a statement is the declaration of one variable by a
// call, converted or not: fd := int(f.Fd()).
func (s *Site) declaresOnly(assign *ast.AssignStmt, c *Call) bool {
	one := len(assign.Lhs) == 1 && len(assign.Rhs) == 1
	return assign.Tok == token.DEFINE && one && s.unconverted(assign.Rhs[0]) == ast.Expr(c.CallExpr)
}

// lent reports whether an expression is the first argument, converted or not,
// of a call that is done with it when it returns.
//
//	unix.Fsync(int(f.Fd()))
//	unix.Flock(int(f.Fd()), unix.LOCK_EX) // the lock ends when the file is closed
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
