package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// ContentWithAbsence has a call that removes a path take it for success that
// nothing is there. It reports whether it could: where the error goes on to be
// used, it cannot.
func (s *Site) ContentWithAbsence(c *Call) bool {
	if h := s.Handling(c); h != nil {
		if h.If == nil || !s.onlyHandled(h) {
			return false
		}
		s.Insert(h.If.Cond.End(), " && !"+s.Is(h.Err.Name(), "ErrNotExist", h.If.Cond.Pos()))
		return true
	}
	ret, ok := c.Stmt.(*ast.ReturnStmt)
	if !ok || s.HasComments(ret.Pos(), ret.End()) {
		return false
	}
	return s.returnUnlessAbsent(c, ret)
}

// onlyHandled reports whether an error is handled where it is tested, and not
// looked at any more after it.
func (s *Site) onlyHandled(h *Handling) bool {
	if h.If.Else != nil {
		return false
	}
	if h.Init && h.Assign.Tok == token.DEFINE {
		return true
	}
	body := functionOf(s.Enclosing(h.If.Pos()))
	if body == nil || h.Err.Pos() < body.Pos() {
		return false // a result or a variable of somebody else's
	}
	only := true
	ast.Inspect(body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if ok && s.info.Uses[id] == types.Object(h.Err) && (id.Pos() >= h.If.End() || loop(s.Enclosing(h.If.Pos())) != nil && id.Pos() < h.Assign.Pos()) {
			only = false
		}
		return only
	})
	return only
}

// returnUnlessAbsent rewrites the return of an error, after values that only
// compute.
func (s *Site) returnUnlessAbsent(c *Call, ret *ast.ReturnStmt) bool {
	last := len(ret.Results) - 1
	if last < 0 || ret.Results[last] != ast.Expr(c.CallExpr) {
		return false
	}
	if _, i := list(ret, c.Outer); i < 0 {
		return false
	}
	before := s.Source(ret.Results[0].Pos(), ret.Results[last].Pos())
	for _, result := range ret.Results[:last] {
		if s.calls(result) || s.names(result, "err") {
			return false
		}
	}
	indent := s.Indent(ret.Pos())
	s.Replace(ret, "if err := "+s.Copy(c.CallExpr)+"; err != nil && !"+s.Is("err", "ErrNotExist", c.Pos())+" {\n"+
		indent+"\treturn "+before+"err\n"+indent+"}\n"+indent+"return "+before+"nil")
	return true
}
