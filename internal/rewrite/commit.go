package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// commit has each successful way out of the region commit the file. It
// reports whether it understands them all.
func (t *staged) commit() bool {
	if !t.closes() {
		return false
	}
	ok, last := true, t.region[len(t.region)-1]
	t.inspect(func(n ast.Node, stack []ast.Node) {
		ret, isReturn := n.(*ast.ReturnStmt)
		if !isReturn || around[*ast.FuncLit](stack) {
			return
		}
		ok = ok && t.exit(ret, stack)
	})
	if t.inner && t.closed == token.NoPos {
		t.s.AfterLine(last.End(), t.commitOr(t.s.Indent(last.Pos())))
	}
	return ok
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
		ok = ok && t.closed == token.NoPos && t.closeHere(call, stack)
		t.closed = call.Pos()
	})
	return ok
}

func (t *staged) isClose(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Close" && t.s.object(sel.X) == t.file
}

// closeHere makes the commit of a call of Close that every success passes.
func (t *staged) closeHere(call *ast.CallExpr, stack []ast.Node) bool {
	sel := call.Fun.(*ast.SelectorExpr)
	switch outer := stack[:len(stack)-1]; len(outer) {
	case 1: // f.Close()
		if _, ok := outer[0].(*ast.ExprStmt); !ok {
			return false
		}
		indent := t.s.Indent(outer[0].Pos())
		text := t.commitOr(indent)
		t.s.Replace(outer[0], text[len(indent):len(text)-1])
		return true
	case 2: // if err := f.Close(); err != nil
		n, ok := outer[0].(*ast.IfStmt)
		assign, isAssign := outer[1].(*ast.AssignStmt)
		if !ok || !isAssign || n.Init != ast.Stmt(assign) || len(assign.Lhs) != 1 || n.Else != nil || !leavesByReturn(n.Body.List) {
			return false
		}
		v := t.s.object(assign.Lhs[0])
		if v == nil || !t.s.testsNil(n.Cond, v, token.NEQ) {
			return false
		}
		t.s.Replace(sel.Sel, "Commit")
		return true
	}
	return false
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
	case s.isNil(result) && single:
		s.Replace(result, t.file.Name()+".Commit()")
	case s.isNil(result):
		s.Insert(s.LineStart(ret.Pos()), t.commitOr(indent))
	case !single:
		return false
	default:
		return t.exitWith(ret, result, indent)
	}
	return true
}

// exitWith rewrites the return of what may be an error or not.
func (t *staged) exitWith(ret *ast.ReturnStmt, result ast.Expr, indent string) bool {
	s, name := t.s, t.file.Name()
	if s.HasComments(ret.Pos(), ret.End()) {
		return false
	}
	switch x := ast.Unparen(result).(type) {
	case *ast.CallExpr:
		if t.isClose(x) {
			s.Replace(x.Fun.(*ast.SelectorExpr).Sel, "Commit")
			return true
		}
		if len(ret.Results) != 1 || !s.isErrorType(x) {
			return false
		}
		s.ReplaceRange(ret.Pos(), x.Pos(), "if err := ")
		s.ReplaceRange(x.End(), ret.End(), "; err != nil {\n"+indent+"\treturn err\n"+indent+"}\n"+indent+"return "+name+".Commit()")
		return true
	case *ast.Ident:
		s.Replace(ret, "if "+x.Name+" != nil {\n"+indent+"\treturn "+s.Copy(x)+"\n"+indent+"}\n"+indent+"return "+name+".Commit()")
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
		t.s.CopyBlock(t.h.If.Body.List, indent+"\t") + indent + "}\n"
}
