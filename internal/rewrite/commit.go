package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// commit has each successful way out of the region commit the file. It
// reports whether it understands them all.
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
		t.s.AfterLine(last.End(), t.commitOr(t.s.Indent(last.Pos())))
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

// dropSync takes out the calls of Sync, which Commit does by itself. One that
// is returned becomes the commit.
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
			t.s.DeleteLines(outer.Pos(), outer.End())
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
			// Within another if's else it would not stand alone.
			if len(stack) > 3 {
				if _, isBlock := stack[len(stack)-4].(*ast.BlockStmt); !isBlock {
					break
				}
			}
			if t.s.HasComments(n.Pos(), n.End()) || !leaves(n.Body.List) {
				break
			}
			t.s.DeleteLines(n.Pos(), n.End())
			t.dropped = append(t.dropped, n)
			return
		}
		ok = false
	})
	return ok
}

// closeHere makes the commit of a call of Close that every success passes.
func (t *staged) closeHere(call *ast.CallExpr, stack []ast.Node) bool {
	sel := call.Fun.(*ast.SelectorExpr)
	switch outer := stack[:len(stack)-1]; len(outer) {
	case 1: // f.Close()
		if _, ok := outer[0].(*ast.ExprStmt); !ok || t.handed {
			return false
		}
		indent := t.s.Indent(outer[0].Pos())
		text := t.commitOr(indent)
		t.s.Replace(outer[0], text[len(indent):len(text)-1])
		return true
	case 2: // if err := f.Close(); err != nil, or handle(f.Close())
		if _, ok := outer[0].(*ast.ExprStmt); ok && t.handed && outer[1] != ast.Node(call) {
			t.s.Replace(sel.Sel, "Commit")
			return true
		}
		n, ok := outer[0].(*ast.IfStmt)
		assign, isAssign := outer[1].(*ast.AssignStmt)
		if !ok || !isAssign || n.Init != ast.Stmt(assign) || len(assign.Lhs) != 1 || n.Else != nil {
			return false
		}
		if t.keepsFirst(n, assign) {
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
			t.s.AfterLine(n.Body.Lbrace, t.ifExists(v.Name(), t.s.Indent(n.Pos())+"\t"))
		}
		t.s.Replace(sel.Sel, "Commit")
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
	closing := t.s.object(assign.Lhs[0])
	if assign.Tok != token.DEFINE || closing == nil || len(n.Body.List) != 1 || t.s.HasComments(n.Pos(), n.End()) {
		return false
	}
	keep, ok := n.Body.List[0].(*ast.AssignStmt)
	if !ok || keep.Tok != token.ASSIGN || len(keep.Lhs) != 1 || len(keep.Rhs) != 1 || t.s.object(keep.Rhs[0]) != closing {
		return false
	}
	first := t.s.object(keep.Lhs[0])
	if first == nil || first == closing || !t.s.isError(keep.Lhs[0]) {
		return false
	}
	if cond, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr); ok && cond.Op == token.LAND {
		x, y := cond.X, cond.Y
		if t.s.testsNil(y, closing, token.NEQ) {
			x, y = y, x
		}
		if !t.s.testsNil(x, closing, token.NEQ) || !t.s.testsNil(y, first, token.EQL) {
			return false
		}
	} else if !t.s.testsNil(n.Cond, first, token.EQL) {
		return false
	}
	indent := t.s.Indent(n.Pos())
	t.s.Replace(n, "if "+first.Name()+" == nil {\n"+indent+"\t"+first.Name()+" = "+t.file.Name()+".Commit()\n"+indent+"}")
	return true
}

// failing reports whether the last of the nodes runs only after a failure:
// within `if err != nil`.
func (t *staged) failing(stack []ast.Node) bool {
	for i, n := range stack {
		branch, ok := n.(*ast.IfStmt)
		if !ok || i+1 >= len(stack) || stack[i+1] != ast.Node(branch.Body) || !leaves(branch.Body.List) {
			continue
		}
		if b, ok := ast.Unparen(branch.Cond).(*ast.BinaryExpr); ok && b.Op == token.NEQ && t.s.isError(b.X) && t.s.isNil(b.Y) {
			return true
		}
	}
	return false
}

// exit has one return commit the file, unless it returns a failure.
func (t *staged) exit(ret *ast.ReturnStmt, stack []ast.Node) bool {
	if t.quiet {
		return t.exitQuietly(ret, stack)
	}
	if t.closed != token.NoPos {
		return ret.Pos() > t.closed || t.fails(ret, stack)
	}
	if t.fails(ret, stack) {
		return true
	}
	if len(ret.Results) == 0 || t.failing(stack) {
		return false
	}
	s, indent := t.s, t.s.Indent(ret.Pos())
	result := ret.Results[len(ret.Results)-1]
	switch single := len(ret.Results) == 1; {
	case s.isNil(result) && single && t.exists == nil:
		s.Replace(result, t.file.Name()+".Commit()")
	case s.isNil(result):
		s.Insert(s.LineStart(ret.Pos()), t.commitOr(indent))
	case !single:
		return false
	default:
		return t.exitWith(ret, result, stack)
	}
	return true
}

// exitQuietly has a return of a function that returns no error commit the
// file, unless something has failed. A failure to commit is handled as that of
// the creation.
func (t *staged) exitQuietly(ret *ast.ReturnStmt, stack []ast.Node) bool {
	if t.closed != token.NoPos && ret.Pos() > t.closed {
		return true
	}
	if t.failing(stack) {
		return t.afterWrite(stack)
	}
	if t.closed != token.NoPos {
		return false
	}
	for _, result := range ret.Results {
		if t.s.calls(result) {
			return false // it would come after the commit
		}
	}
	t.s.Insert(t.s.LineStart(ret.Pos()), t.commitOr(t.s.Indent(ret.Pos())))
	return true
}

// afterWrite reports whether what has failed where the last of the nodes runs
// is a call with the file, or with a writer on top of it. Another error may be
// the regular end of something, such as io.EOF.
func (t *staged) afterWrite(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		branch, ok := stack[i].(*ast.IfStmt)
		if !ok {
			continue
		}
		stmt := branch.Init
		if stmt == nil {
			stmt = t.before(branch, stack[:i+1])
		}
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || len(assign.Rhs) != 1 || !t.s.testsNil(branch.Cond, t.s.object(assign.Lhs[len(assign.Lhs)-1]), token.NEQ) {
			return false
		}
		_, isCall := assign.Rhs[0].(*ast.CallExpr)
		return isCall && t.mentionsFile(assign.Rhs[0])
	}
	return false
}

// before returns the statement before the last of the nodes, nil if it is the
// first of its list.
func (t *staged) before(stmt ast.Stmt, stack []ast.Node) ast.Stmt {
	stmts := t.region
	if len(stack) > 1 {
		stmts, _ = list(stmt, []ast.Node{stack[len(stack)-2]})
	}
	if i := slices.Index(stmts, stmt); i > 0 {
		return stmts[i-1]
	}
	return nil
}

func (t *staged) mentionsFile(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, _ := t.s.info.Uses[id].(*types.Var)
			found = found || v != nil && (v == t.file || t.derived[v])
		}
		return !found
	})
	return found
}

// exitWith rewrites the return of what may be an error or not, of the writing.
func (t *staged) exitWith(ret *ast.ReturnStmt, result ast.Expr, stack []ast.Node) bool {
	s, name, indent := t.s, t.file.Name(), t.s.Indent(ret.Pos())
	if s.HasComments(ret.Pos(), ret.End()) {
		return false
	}
	commit := indent + "return " + name + ".Commit()"
	if t.exists != nil {
		commit = t.commitOr(indent) + indent + "return nil"
	}
	switch x := ast.Unparen(result).(type) {
	case *ast.CallExpr:
		if t.isClose(x) || t.calls(x, "Sync") {
			if t.exists != nil {
				s.ReplaceRange(ret.Pos(), ret.End(), commit[len(indent):])
				return true
			}
			s.Replace(x.Fun.(*ast.SelectorExpr).Sel, "Commit")
			return true
		}
		if !s.isErrorType(x) || !t.mentionsFile(x) {
			return false
		}
		s.ReplaceRange(ret.Pos(), x.Pos(), "if err := ")
		s.ReplaceRange(x.End(), ret.End(), "; err != nil {\n"+indent+"\treturn err\n"+indent+"}\n"+commit)
		return true
	case *ast.Ident:
		before := t.before(ret, stack)
		if before == nil || !t.mentionsFile(before) || !t.returnsErrorOf(ret, before) {
			return false
		}
		s.Replace(ret, "if "+x.Name+" != nil {\n"+indent+"\treturn "+s.Copy(x)+"\n"+indent+"}\n"+commit)
		return true
	}
	return false
}

// fails reports whether a return certainly returns an error.
func (t *staged) fails(ret *ast.ReturnStmt, stack []ast.Node) bool {
	if len(ret.Results) == 0 {
		return false
	}
	result := ast.Unparen(ret.Results[len(ret.Results)-1])
	switch x := result.(type) {
	case *ast.CallExpr:
		if fn := t.s.callee(x); fn != nil && (fn.FullName() == "fmt.Errorf" || fn.FullName() == "errors.New") {
			return true
		}
		return t.failing(stack) && !t.isClose(x)
	case *ast.Ident:
		v := t.s.object(x)
		if v != nil && v.Parent() == t.s.pass.Pkg.Scope() {
			return true // a sentinel
		}
		return v != nil && t.failing(stack)
	case *ast.SelectorExpr:
		v, ok := t.s.info.Uses[x.Sel].(*types.Var)
		return ok && !v.IsField()
	case *ast.UnaryExpr:
		return x.Op == token.AND
	case *ast.CompositeLit:
		return true
	}
	return false
}

// commitOr returns lines that commit the file, and handle a failure as that of
// its creation.
func (t *staged) commitOr(indent string) string {
	err := t.h.Err.Name()
	return indent + "if " + err + " := " + t.file.Name() + ".Commit(); " + err + " != nil {\n" +
		t.ifExists(err, indent+"\t") + t.s.CopyBlock(t.h.If.Body.List, indent+"\t") + indent + "}\n"
}

// ifExists returns lines that do what is due if something is there at the
// commit, whose error is in the variable.
func (t *staged) ifExists(err, indent string) string {
	if t.exists == nil {
		return ""
	}
	return indent + "if " + t.s.Is(err, "ErrExist", t.pos()) + " {\n" + t.s.copy(t.exists, indent+"\t") + indent + "}\n"
}
