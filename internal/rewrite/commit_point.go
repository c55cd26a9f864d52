package rewrite

import (
	"go/ast"
	"go/token"
	"slices"
)

// commitOnceWritten commits the file right after the statement that writes the
// last of it, where something else is done after that: if that fails, the file
// is written all the same. It reports whether it is certain.
func (t *staged) commitOnceWritten() bool {
	i := t.lastWrite()
	if i < 0 || !t.quiet && !t.failsUnwritten(t.region[i]) {
		return false
	}
	if t.testsAfter(i) {
		i++
	}
	rest := slices.DeleteFunc(slices.Clone(t.region[i+1:]), func(stmt ast.Stmt) bool { return slices.Contains(t.dropped, stmt) })
	if t.handed || len(rest) == 0 || t.onlyReturns(rest, t.region[i]) {
		return true
	}
	if t.closed != token.NoPos {
		return !slices.ContainsFunc(rest, func(stmt ast.Stmt) bool { return stmt.End() < t.closed && t.exitsIn(stmt) })
	}
	last := t.region[i]
	t.p.AfterLine(last.End(), t.commitOr(t.s.Indent(last.Pos()), last.End()))
	t.written = last.End()
	return true
}

// lastWrite returns the index of the last statement of the region that does
// anything with the file but to close it, or -1.
func (t *staged) lastWrite() int {
	for i, stmt := range slices.Backward(t.region) {
		if _, deferred := stmt.(*ast.DeferStmt); !deferred && t.writesIn(stmt) != token.NoPos {
			return i
		}
	}
	return -1
}

// writesIn returns where the last use of the file, or of a writer on top of it,
// within a statement is that does not close it; NoPos if there is none.
func (t *staged) writesIn(n ast.Node) (last token.Pos) {
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && t.isCloseOrSync(call) {
			return false
		}
		if id, ok := n.(*ast.Ident); ok && t.mentionsFile(id) {
			last = id.Pos()
		}
		return true
	})
	return last
}

// failsUnwritten reports whether each failure up to a statement is one of the
// writing, or leaves the file half-written: what has been written whole is there,
// whatever fails.
//
//	if _, err := f.Write(data); err != nil {
//		return err // of the writing
//	}
//
// and not a failure of something else after the last write, at which the file is whole:
//
//	f.Write(data)
//	if err := notify(); err != nil {
//		return err
//	}
func (t *staged) failsUnwritten(last ast.Stmt) bool {
	ok := true
	t.inspect(func(n ast.Node, stack []ast.Node) {
		ret, isReturn := n.(*ast.ReturnStmt)
		if !isReturn || ret.Pos() > last.End() || around[*ast.FuncLit](stack) || t.isDropped(stack) || !t.fails(ret, stack) {
			return
		}
		ok = ok && (t.afterWrite(stack) || t.mentionsFile(ret) || !t.writtenBefore(ret.Pos()) || t.writesAfter(stack))
	})
	return ok
}

// writtenBefore reports whether anything may be in the file by a position.
func (t *staged) writtenBefore(pos token.Pos) bool {
	return slices.ContainsFunc(t.region, func(stmt ast.Stmt) bool {
		first := token.NoPos
		ast.Inspect(stmt, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if first == token.NoPos && ok && t.mentionsFile(id) {
				first = id.Pos()
			}
			return true
		})
		_, deferred := stmt.(*ast.DeferStmt)
		return !deferred && first != token.NoPos && first < pos
	})
}

// writesAfter reports whether more would have been written below the last of the
// nodes, had that not left the function. A loop may have been in its last round.
func (t *staged) writesAfter(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.CaseClause, *ast.CommClause: // of which one alone runs
		case ast.Stmt:
			stmts := t.region
			if i > 0 {
				stmts, _ = list(n, []ast.Node{stack[i-1]})
			}
			at := slices.Index(stmts, n)
			if at >= 0 && slices.ContainsFunc(stmts[at+1:], t.certainlyWrites) {
				return true
			}
		}
	}
	return false
}

// certainlyWrites reports whether a statement does anything with the file, and
// not just on a condition.
func (t *staged) certainlyWrites(stmt ast.Stmt) bool {
	switch n := stmt.(type) {
	case *ast.IfStmt:
		return n.Init != nil && t.writesIn(n.Init) != token.NoPos || t.writesIn(n.Cond) != token.NoPos
	case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt, *ast.DeferStmt:
		return false
	}
	return t.writesIn(stmt) != token.NoPos
}

// testsAfter reports whether the statement after the one at i does nothing but
// to handle its error.
func (t *staged) testsAfter(i int) bool {
	assign, ok := t.region[i].(*ast.AssignStmt)
	if !ok || i+1 == len(t.region) {
		return false
	}
	n, ok := t.region[i+1].(*ast.IfStmt)
	if !ok || n.Init != nil || n.Else != nil {
		return false
	}
	v := t.s.object(assign.Lhs[len(assign.Lhs)-1])
	return v != nil && t.s.testsNil(n.Cond, v, token.NEQ) && leaves(n.Body.List)
}

// onlyReturns reports whether all that follows the statement before it is a
// return of what is known by then, and of no error but that statement's.
//
//	err = f.Close() // the statement before
//	return n, err
//
//	return n, notify() // may fail after the file is closed
func (t *staged) onlyReturns(rest []ast.Stmt, before ast.Stmt) bool {
	ret, ok := rest[0].(*ast.ReturnStmt)
	if !ok {
		return false
	}
	for _, result := range ret.Results {
		if t.s.calls(result) && !t.isCloseOrSync(result) {
			return false
		}
	}
	if len(ret.Results) == 0 || !t.mayFail(ret) {
		return true
	}
	return t.isCloseOrSync(ret.Results[len(ret.Results)-1]) || t.returnsErrorOf(ret, before)
}

// returnsErrorOf reports whether a return returns the error of the statement
// before it.
func (t *staged) returnsErrorOf(ret *ast.ReturnStmt, before ast.Stmt) bool {
	assign, ok := before.(*ast.AssignStmt)
	v := t.s.object(ret.Results[len(ret.Results)-1])
	return ok && v != nil && t.s.object(assign.Lhs[len(assign.Lhs)-1]) == v
}

// exitsIn reports whether a statement may leave the function.
func (t *staged) exitsIn(stmt ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.CallExpr:
			found = found || neverReturns(n)
		}
		return !found
	})
	return found
}
