package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"math"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// DropFollowing takes the call next out, if it directly follows first and its
// error is handled in just the same way, so that it makes no difference which
// of the two has failed.
func (s *Site) DropFollowing(first, next *Call) bool {
	h := s.Handling(first)
	if h == nil || h.If == nil || h.If.Else != nil {
		return false
	}
	last, outer := ast.Stmt(h.If), first.Outer
	if h.Init {
		outer = outer[1:]
	}
	stmts, i := list(last, outer)
	if i < 0 || i+1 >= len(stmts) || s.HasComments(h.If.Body.Rbrace, next.End()) {
		return false
	}
	following := stmts[i+1]
	if ret, ok := following.(*ast.ReturnStmt); ok {
		if len(ret.Results) != 1 || ret.Results[0] != ast.Expr(next.CallExpr) || !s.returnsError(h) {
			return false
		}
		s.Replace(next.CallExpr, "nil")
		return true
	}
	g := s.Handling(next)
	if g == nil || !g.Init || g.If != following || g.If.Else != nil || s.HasComments(following.Pos(), following.End()) || !s.sameHandling(h, g) {
		return false
	}
	s.DeleteLines(following.Pos(), following.End())
	return true
}

// SetsModeOften reports whether the function sets the mode of the path of the
// finding at more than one place, so that it is not clear which is the final one.
func (s *Site) SetsModeOften() bool {
	places := make(map[token.Pos]bool)
	for _, op := range s.others(token.NoPos, math.MaxInt) {
		if op.Effect == fsapi.SetMode {
			places[op.Call.Pos()] = true
		}
	}
	places[s.Finding.Use.Call.Pos()] = true
	return len(places) > 1
}

// GivesOwner reports whether a constant mode lets the owner do all that may be
// done with what an operation has created: read and write it, and search it if
// it is a directory.
func (s *Site) GivesOwner(mode ast.Expr, created fsapi.Effect) bool {
	value := s.info.Types[mode].Value
	if value == nil {
		return false
	}
	bits, exact := constant.Int64Val(constant.ToInt(value))
	need := int64(0o600)
	if created == fsapi.MakeDir {
		need = 0o700
	}
	return exact && bits&need == need
}

// Creation returns the text of a mode to create something with that is given
// the mode later: no more than that, but that its owner may write, too.
func (s *Site) Creation(mode ast.Expr, created fsapi.Effect) string {
	if s.Constant(mode) {
		return s.Copy(mode)
	}
	text, owner := s.Copy(mode), "0o600"
	if created == fsapi.MakeDir {
		owner = "0o700"
	}
	switch x := ast.Unparen(mode).(type) {
	case *ast.CallExpr:
		if fn := s.callee(x); fn != nil && fn.FullName() == "(io/fs.FileMode).Perm" {
			return text + "|" + owner
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.ParenExpr:
	default:
		text = "(" + text + ")"
	}
	return text + ".Perm()|" + owner
}
