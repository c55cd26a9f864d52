package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// ChmodBeforeRename has a call that sets the mode of what was renamed set it under
// the old name, before the rename:
//
//	if err := os.Rename(tmp, p); err != nil {
//		return err
//	}
//	return os.Chmod(p, 0o600)
//
// becomes
//
//	if err := os.Chmod(tmp, 0o600); err != nil {
//		return err
//	}
//	if err := os.Rename(tmp, p); err != nil {
//		return err
//	}
//	return nil
//
// The two directly follow each other and leave the function if they fail, and tmp
// is a temporary of the program's own: it certainly is there, and may be changed.
func (s *Site) ChmodBeforeRename(op *pathops.Op, rename, chmod *Call) (*Plan, fix.Refusal) {
	if !s.ownTemporary(op) {
		return nil, "the renamed file is not certainly a temporary file of this program"
	}
	h := s.Handling(rename)
	if h == nil || h.If == nil {
		return nil, Unhandled
	}
	if !leaves(h.If.Body.List) || !s.Adjacent(rename, chmod) {
		return nil, "the mode is not set directly after the rename"
	}
	from, to, mode := rename.Args[0], rename.Args[1], chmod.Args[1]
	if s.Text(to) != s.Text(chmod.Args[0]) || s.calls(from) || !s.Stable(mode, rename, chmod) {
		return nil, "the names or the mode may have a different value before the rename"
	}
	p, at, indent := s.plan(), s.LineStart(rename.Stmt.Pos()), s.Indent(rename.Stmt.Pos())
	if ret, ok := chmod.Stmt.(*ast.ReturnStmt); ok && len(ret.Results) == 1 && ret.Results[0] == ast.Expr(chmod.CallExpr) {
		p.Insert(at, indent+"if err := "+s.Text(chmod.Fun)+"("+s.Text(from)+", "+p.Copy(mode)+"); err != nil {\n"+indent+"\treturn err\n"+indent+"}\n")
		p.Replace(chmod.CallExpr, "nil")
		return p.done()
	}
	g := s.Handling(chmod)
	if g == nil || !g.Init || g.If == nil {
		return nil, Unhandled
	}
	if g.If.Else != nil || !leaves(g.If.Body.List) {
		return nil, "the program continues if the mode cannot be set"
	}
	p.Copy(g.If)
	p.Insert(at, indent+s.Source(g.If.Pos(), chmod.Args[0].Pos())+s.Text(from)+s.Source(chmod.Args[0].End(), g.If.End())+"\n")
	p.DeleteLines(g.If.Pos(), g.If.End())
	return p.done()
}

// ownTemporary reports whether what a call renames is a temporary of the
// program's own, which it may set the mode of.
func (s *Site) ownTemporary(rename *pathops.Op) bool {
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
