package rewrite

import (
	"go/ast"
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
