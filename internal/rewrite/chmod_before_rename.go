package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// SetBeforeMove has a call that sets the mode of what was renamed set it under
// the old name, before the rename. It reports whether it could: the two
// directly follow each other, and leave the function if they fail.
func (s *Site) SetBeforeMove(rename, chmod *Call) bool {
	h := s.Handling(rename)
	if h == nil || h.If == nil || !leaves(h.If.Body.List) || !s.Adjacent(rename, chmod) {
		return false
	}
	from, to, mode := rename.Args[0], rename.Args[1], chmod.Args[1]
	if s.Text(to) != s.Text(chmod.Args[0]) || s.calls(from) || !s.Stable(mode, rename, chmod) {
		return false
	}
	at, indent := s.LineStart(rename.Stmt.Pos()), s.Indent(rename.Stmt.Pos())
	if ret, ok := chmod.Stmt.(*ast.ReturnStmt); ok && len(ret.Results) == 1 && ret.Results[0] == ast.Expr(chmod.CallExpr) {
		s.Insert(at, indent+"if err := "+s.Text(chmod.Fun)+"("+s.Text(from)+", "+s.Copy(mode)+"); err != nil {\n"+indent+"\treturn err\n"+indent+"}\n")
		s.Replace(chmod.CallExpr, "nil")
		return true
	}
	g := s.Handling(chmod)
	if g == nil || !g.Init || g.If == nil || g.If.Else != nil || !leaves(g.If.Body.List) {
		return false
	}
	s.Copy(g.If)
	s.Insert(at, indent+s.Source(g.If.Pos(), chmod.Args[0].Pos())+s.Text(from)+s.Source(chmod.Args[0].End(), g.If.End())+"\n")
	s.DeleteLines(g.If.Pos(), g.If.End())
	return true
}

// OwnTemporary reports whether what a call renames is a temporary of the
// program's own, which it may set the mode of.
func (s *Site) OwnTemporary(rename *pathops.Op) bool {
	f := s.funcOf(s.Finding.Fn)
	if f == nil {
		return false
	}
	for _, op := range f.At(rename.Call) {
		if op.Effect == fsapi.Move {
			return s.ops.Numbers.Origins(op.Path).Fresh()
		}
	}
	return false
}
