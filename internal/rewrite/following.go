package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Constant reports whether an expression is a constant.
func (s *Site) Constant(e ast.Expr) bool { return s.info.Types[e].Value != nil }

// Stable reports whether an expression at the call to means the same at the
// call from, before it.
func (s *Site) Stable(e ast.Expr, from, to *Call) bool {
	stable := !s.calls(e)
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return stable
		}
		obj := s.info.Uses[id]
		switch obj := obj.(type) {
		case *types.Const, *types.TypeName, *types.PkgName, *types.Builtin, *types.Nil:
			stable = stable && (obj.Parent() != from.innermost(s) || obj.Pos() < from.Pos())
		case *types.Var:
			local := !obj.IsField() && obj.Parent() != s.pass.Pkg.Scope()
			stable = stable && local && obj.Pos() < from.Pos() && !s.assignedBetween(from.Declaration(), obj, from.Pos(), to.Pos())
		case nil:
		case *types.Func:
			stable = stable && ofMetadata(obj)
		default:
			stable = false
		}
		if obj != nil && obj.Parent() != nil && !s.foreign(obj) && s.lookup(id.Name, from.Pos()) != obj {
			stable = false
		}
		return stable
	})
	return stable
}

// foreign reports whether an object is another package's, so that its name is
// qualified.
func (s *Site) foreign(obj types.Object) bool {
	_, isImport := obj.(*types.PkgName)
	return !isImport && obj.Pkg() != nil && obj.Pkg() != s.pass.Pkg
}

func (c *Call) innermost(s *Site) *types.Scope { return s.pass.Pkg.Scope().Innermost(c.Pos()) }

// assignedBetween reports whether v may get a value between two positions: by
// an assignment there, or through its address.
func (s *Site) assignedBetween(body ast.Node, v *types.Var, pos, end token.Pos) bool {
	if body == nil {
		return true
	}
	found := false
	within := func(n ast.Node) bool { return pos < n.End() && n.Pos() < end }
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || s.object(root(lhs)) == v && within(n)
			}
		case *ast.IncDecStmt:
			found = found || s.object(root(n.X)) == v && within(n)
		case *ast.RangeStmt:
			for _, x := range []ast.Expr{n.Key, n.Value} {
				found = found || x != nil && s.object(x) == v && within(x)
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && s.object(root(n.X)) == v
		}
		return !found
	})
	return found
}

// root returns the variable that an expression is a part of.
func root(e ast.Expr) ast.Expr {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return x
		}
	}
}

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

// returnsError reports whether an error is handled by `return err` alone.
func (s *Site) returnsError(h *Handling) bool {
	if len(h.If.Body.List) != 1 {
		return false
	}
	ret, ok := h.If.Body.List[0].(*ast.ReturnStmt)
	return ok && len(ret.Results) == 1 && s.object(ret.Results[0]) == h.Err
}

// sameHandling reports whether two errors lead to the same, and out of the
// function.
func (s *Site) sameHandling(h, g *Handling) bool {
	a, b := h.If.Body.List, g.If.Body.List
	return h.Err.Name() == g.Err.Name() && leaves(a) && slices.EqualFunc(a, b, func(x, y ast.Stmt) bool {
		return s.Text(x) == s.Text(y)
	})
}

// TryMethod has the call name a method of the file that open has opened, if
// that is certainly open there; else it changes nothing.
func (s *Site) TryMethod(open *pathops.Op, c *Call, method string) {
	opener := s.Call(open)
	if opener == nil || s.Handle(open, c) == nil || s.calls(c.Args[0]) {
		return
	}
	if s.Undisturbed(c.Declaration(), c.Args[0], opener.End(), c.Pos()) {
		s.callMethod(open, c, method)
	}
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

// Along reports whether two calls stand in one list of statements, so that the
// second runs wherever the first has run and nothing has left the list, and
// nothing uses the path of the finding in between.
func (s *Site) Along(first, next *Call) bool {
	return s.listOf(first) != nil && s.listOf(first) == s.listOf(next) &&
		s.Undisturbed(first.Function(), first.Args[0], first.End(), next.Pos()) &&
		!slices.ContainsFunc(s.others(first.End(), next.Pos()), func(op *pathops.Op) bool { return op.Effect != fsapi.Check })
}

// listOf returns the node whose statements the statement of a call, or the if
// that the call begins, is one of, or nil.
func (s *Site) listOf(c *Call) ast.Node {
	stmt, outer := c.Stmt, c.Outer
	if n, ok := outer[0].(*ast.IfStmt); ok && n.Init == stmt {
		stmt, outer = n, outer[1:]
	}
	if _, i := list(stmt, outer); i < 0 {
		return nil
	}
	return outer[0]
}

// Adjacent reports whether a call stands in the statement that follows that of
// another, the handling of whose error does not count.
func (s *Site) Adjacent(first, next *Call) bool {
	last, outer := first.Stmt, first.Outer
	if h := s.Handling(first); h != nil && h.If != nil {
		last = h.If
		if h.Init {
			outer = outer[1:]
		}
	}
	stmts, i := list(last, outer)
	return i >= 0 && i+1 < len(stmts) && stmts[i+1].Pos() <= next.Pos() && next.End() <= stmts[i+1].End()
}
