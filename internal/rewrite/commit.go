package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// commit has each successful way out of the region commit the file. It
// reports whether it understands them all.
//
//	return nil            // becomes return f.Commit()
//	return f.Close()      // becomes return f.Commit()
//	return errUnchanged   // abandons the file, which the deferred Close does
func (t *staged) commit() bool {
	if !t.dropSync() || !t.closes() || t.handed && t.closed == token.NoPos || !t.commitOnceWritten() {
		return false
	}
	ok, last := true, t.region[len(t.region)-1]
	t.inspect(func(n ast.Node, stack []ast.Node) {
		ret, isReturn := n.(*ast.ReturnStmt)
		if !isReturn || around[*ast.FuncLit](stack) || t.isDropped(stack) {
			return
		}
		if t.written == token.NoPos || ret.Pos() < t.written {
			ok = ok && t.exit(ret, stack)
		}
	})
	if t.inner && t.closed == token.NoPos && t.written == token.NoPos {
		t.p.AfterLine(last.End(), t.commitOr(t.s.Indent(last.Pos()), last.End()))
	}
	return ok
}

// isDropped reports whether one of the nodes was taken out.
func (t *staged) isDropped(stack []ast.Node) bool {
	return slices.ContainsFunc(stack, func(n ast.Node) bool {
		stmt, ok := n.(ast.Stmt)
		return ok && slices.Contains(t.dropped, stmt)
	})
}

// closes deals with the calls of Close in the region that are neither deferred
// nor returned. On the way to a failure they stay; one in the course of the
// region becomes the commit.
func (t *staged) closes() bool {
	ok := true
	t.inspect(func(n ast.Node, stack []ast.Node) {
		call, isCall := n.(*ast.CallExpr)
		if !isCall || !t.isClose(call) || around[*ast.DeferStmt](stack) {
			return
		}
		if _, returned := stack[len(stack)-2].(*ast.ReturnStmt); returned {
			return
		}
		if t.failing(stack) {
			return
		}
		if t.quiet && around[*ast.ReturnStmt](stack) {
			ok = false
			return
		}
		ok = ok && t.closed == token.NoPos && t.closeHere(call, stack)
		t.closed = call.Pos()
	})
	return ok
}

func (t *staged) isClose(call *ast.CallExpr) bool { return t.calls(call, "Close") }

// calls reports whether a call is that of a method of the file.
func (t *staged) calls(call *ast.CallExpr, method string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == method && t.s.object(sel.X) == t.file
}

func (t *staged) isCloseOrSync(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && (t.isClose(call) || t.calls(call, "Sync"))
}

// dropSync takes out the calls of Sync, which Commit does by itself. One that
// is returned becomes the commit.
//
//	f.Sync() // goes: Commit syncs
//	if err := f.Sync(); err != nil {
//		return err
//	}
//	return f.Sync() // becomes the commit
//
// and not one whose error is kept: err = f.Sync()
func (t *staged) dropSync() bool {
	ok := true
	t.inspect(func(n ast.Node, stack []ast.Node) {
		call, isCall := n.(*ast.CallExpr)
		if !isCall || !t.calls(call, "Sync") {
			return
		}
		if len(stack) < 2 {
			ok = false
			return
		}
		switch outer := stack[len(stack)-2].(type) {
		case *ast.ReturnStmt:
			return
		case *ast.ExprStmt:
			t.p.DeleteLines(outer.Pos(), outer.End())
			t.dropped = append(t.dropped, outer)
			return
		case *ast.AssignStmt:
			if len(outer.Lhs) != 1 || len(stack) < 3 {
				break
			}
			n, isIf := stack[len(stack)-3].(*ast.IfStmt)
			v := t.s.object(outer.Lhs[0])
			if !isIf || n.Init != ast.Stmt(outer) || outer.Tok != token.DEFINE || n.Else != nil || v == nil || !t.s.testsNil(n.Cond, v, token.NEQ) {
				break
			}
			// In the else branch of another if it would not be a statement of its own.
			if len(stack) > 3 {
				if _, isBlock := stack[len(stack)-4].(*ast.BlockStmt); !isBlock {
					break
				}
			}
			if t.s.HasComments(n.Pos(), n.End()) || !leaves(n.Body.List) {
				break
			}
			t.p.DeleteLines(n.Pos(), n.End())
			t.dropped = append(t.dropped, n)
			return
		}
		ok = false
	})
	return ok
}

// closeHere makes the commit of a call of Close that every success passes.
//
//	f.Close()
//	if err := f.Close(); err != nil {
//		return err
//	}
//	note(f.Close())
func (t *staged) closeHere(call *ast.CallExpr, stack []ast.Node) bool {
	sel := call.Fun.(*ast.SelectorExpr)
	switch outer := stack[:len(stack)-1]; len(outer) {
	case 1: // f.Close(), or err2 := f.Close()
		if assign, ok := outer[0].(*ast.AssignStmt); ok {
			return t.exists == nil && t.keepsFirstBelow(assign)
		}
		if _, ok := outer[0].(*ast.ExprStmt); !ok || t.handed {
			return false
		}
		indent := t.s.Indent(outer[0].Pos())
		text := t.commitOr(indent, call.Pos())
		t.p.Replace(outer[0], text[len(indent):len(text)-1])
		t.leavesAtClose = true
		return true
	case 2: // if err := f.Close(); err != nil, or handle(f.Close())
		if _, ok := outer[0].(*ast.ExprStmt); ok && t.handed && outer[1] != ast.Node(call) {
			t.p.Replace(sel.Sel, "Commit")
			return true
		}
		n, ok := outer[0].(*ast.IfStmt)
		assign, isAssign := outer[1].(*ast.AssignStmt)
		if !ok || !isAssign || n.Init != ast.Stmt(assign) || len(assign.Lhs) != 1 || n.Else != nil {
			return false
		}
		if t.exists == nil && t.keepsFirst(n, assign) {
			return true
		}
		if !t.leavesFailing(n.Body.List) {
			return false
		}
		v := t.s.object(assign.Lhs[0])
		if v == nil || !t.s.testsNil(n.Cond, v, token.NEQ) {
			return false
		}
		if t.exists != nil {
			if t.s.Line(n.Body.Lbrace) == t.s.Line(n.Body.Rbrace) {
				return false
			}
			t.p.AfterLine(n.Body.Lbrace, t.ifExists(v.Name(), t.s.Indent(n.Pos())+"\t"))
		}
		t.leavesAtClose = true
		t.p.Replace(sel.Sel, "Commit")
		return true
	}
	return false
}

// keepsFirst makes a commit of
//
//	if cerr := f.Close(); err == nil {
//		err = cerr
//	}
//
// which is one if nothing has failed before, and reports whether it is that.
func (t *staged) keepsFirst(n *ast.IfStmt, assign *ast.AssignStmt) bool {
	first := t.firstKept(n, t.s.object(assign.Lhs[0]))
	if assign.Tok != token.DEFINE || first == nil || t.s.HasComments(n.Pos(), n.End()) {
		return false
	}
	t.p.Replace(n, t.commitUnless(first, t.s.Indent(n.Pos())))
	return true
}

// keepsFirstBelow is keepsFirst where the close is a statement of its own:
//
//	cerr := f.Close()
//	if err == nil {
//		err = cerr
//	}
func (t *staged) keepsFirstBelow(assign *ast.AssignStmt) bool {
	i := slices.Index(t.region, ast.Stmt(assign))
	if i < 0 || i+1 == len(t.region) || assign.Tok != token.DEFINE || len(assign.Lhs) != 1 {
		return false
	}
	n, ok := t.region[i+1].(*ast.IfStmt)
	closing := t.s.object(assign.Lhs[0])
	if !ok || n.Init != nil || n.Else != nil || t.s.HasComments(assign.Pos(), n.End()) {
		return false
	}
	first := t.firstKept(n, closing)
	if first == nil || slices.ContainsFunc(t.region[i+2:], func(stmt ast.Stmt) bool { return t.s.mentions(stmt, closing) }) {
		return false
	}
	t.p.ReplaceRange(assign.Pos(), n.End(), t.commitUnless(first, t.s.Indent(n.Pos())))
	return true
}

// commitUnless returns a commit that is made if a variable holds no error yet.
func (t *staged) commitUnless(first *types.Var, indent string) string {
	return "if " + first.Name() + " == nil {\n" + indent + "\t" + first.Name() + " = " + t.file.Name() + ".Commit()\n" + indent + "}"
}

// firstKept returns the variable with the error of a call before a close, whose error is
// in closing, where an if assigns that to it unless it holds one; nil if the if does
// anything else.
//
//	if err == nil {
//		err = cerr
//	}
//	if err == nil && cerr != nil { // the same
func (t *staged) firstKept(n *ast.IfStmt, closing *types.Var) *types.Var {
	if closing == nil || len(n.Body.List) != 1 {
		return nil
	}
	keep, ok := n.Body.List[0].(*ast.AssignStmt)
	if !ok || keep.Tok != token.ASSIGN || len(keep.Lhs) != 1 || len(keep.Rhs) != 1 || t.s.object(keep.Rhs[0]) != closing {
		return nil
	}
	first := t.s.object(keep.Lhs[0])
	if first == nil || first == closing || !t.s.isError(keep.Lhs[0]) {
		return nil
	}
	if cond, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr); ok && cond.Op == token.LAND {
		x, y := cond.X, cond.Y
		if t.s.testsNil(y, closing, token.NEQ) {
			x, y = y, x
		}
		if !t.s.testsNil(x, closing, token.NEQ) || !t.s.testsNil(y, first, token.EQL) {
			return nil
		}
	} else if !t.s.testsNil(n.Cond, first, token.EQL) {
		return nil
	}
	return first
}
