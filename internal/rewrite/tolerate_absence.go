package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fix"
)

// TolerateAbsence has a call that removes a path take it for success that
// nothing is there:
//
//	if err := os.Remove(p); err != nil {                                  // before
//	if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) { // after
//
//	return os.Remove(p) // becomes the same if, with return err in it and return nil below
//
// There is no plan where the error goes on to be used:
//
//	err := os.Remove(p)
//	if err != nil {
//		log.Print(err)
//	}
//	return err
func (s *Site) TolerateAbsence(c *Call) (*Plan, fix.Refusal) {
	if h := s.Handling(c); h != nil {
		if h.If == nil {
			return nil, Unhandled
		}
		if !s.onlyHandled(h) {
			return nil, LaterUse
		}
		p := s.plan()
		p.Insert(h.If.Cond.End(), " && !"+p.Is(c, h.Err.Name(), "ErrNotExist", h.If.Cond.Pos()))
		return p.done()
	}
	ret, ok := c.Stmt.(*ast.ReturnStmt)
	if !ok {
		return nil, NoError
	}
	return s.returnUnlessAbsent(c, ret)
}

// returnUnlessAbsent rewrites the return of an error, after values that only
// compute.
func (s *Site) returnUnlessAbsent(c *Call, ret *ast.ReturnStmt) (*Plan, fix.Refusal) {
	last := len(ret.Results) - 1
	if last < 0 || ret.Results[last] != ast.Expr(c.CallExpr) {
		return nil, NoError
	}
	if _, i := list(ret, c.Outer); i < 0 {
		return nil, NoError
	}
	if s.HasComments(ret.Pos(), ret.End()) {
		return nil, Comments
	}
	before := s.Source(ret.Results[0].Pos(), ret.Results[last].Pos())
	for _, result := range ret.Results[:last] {
		if s.calls(result) {
			return nil, "another return value calls a function"
		}
		if s.names(result, "err") {
			return nil, "another return value uses a variable named err"
		}
	}
	p, indent := s.plan(), s.Indent(ret.Pos())
	p.Replace(ret, "if err := "+p.Copy(c.CallExpr)+"; err != nil && !"+p.Is(c, "err", "ErrNotExist", c.Pos())+" {\n"+
		indent+"\treturn "+before+"err\n"+indent+"}\n"+indent+"return "+before+"nil")
	return p.done()
}
