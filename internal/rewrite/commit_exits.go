package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

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
		t.p.Replace(result, t.file.Name()+".Commit()")
	case s.isNil(result):
		t.p.Insert(s.LineStart(ret.Pos()), t.commitOr(indent, ret.Pos()))
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
	t.p.Insert(t.s.LineStart(ret.Pos()), t.commitOr(t.s.Indent(ret.Pos()), ret.Pos()))
	return true
}

// exitWith rewrites the return of what may be an error or not, of the writing.
func (t *staged) exitWith(ret *ast.ReturnStmt, result ast.Expr, stack []ast.Node) bool {
	s, name, indent := t.s, t.file.Name(), t.s.Indent(ret.Pos())
	if s.HasComments(ret.Pos(), ret.End()) {
		return false
	}
	commit := indent + "return " + name + ".Commit()"
	if t.exists != nil {
		commit = t.commitOr(indent, ret.Pos()) + indent + "return nil"
	}
	switch x := ast.Unparen(result).(type) {
	case *ast.CallExpr:
		if t.isClose(x) || t.calls(x, "Sync") {
			if t.exists != nil {
				t.p.ReplaceRange(ret.Pos(), ret.End(), commit[len(indent):])
				return true
			}
			t.p.Replace(x.Fun.(*ast.SelectorExpr).Sel, "Commit")
			return true
		}
		if !s.isErrorType(x) || !t.mentionsFile(x) {
			return false
		}
		t.p.ReplaceRange(ret.Pos(), x.Pos(), "if err := ")
		t.p.ReplaceRange(x.End(), ret.End(), "; err != nil {\n"+indent+"\treturn err\n"+indent+"}\n"+commit)
		return true
	case *ast.Ident:
		before := t.before(ret, stack)
		if before == nil || !t.mentionsFile(before) || !t.returnsErrorOf(ret, before) {
			return false
		}
		t.p.Replace(ret, "if "+x.Name+" != nil {\n"+indent+"\treturn "+t.p.Copy(x)+"\n"+indent+"}\n"+commit)
		return true
	}
	return false
}

// failing reports whether the last of the nodes runs only after a failure:
// within `if err != nil`.
//
//	if err != nil {
//		f.Close()
//		return err // here
//	}
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

// mayFail reports whether a return may return an error.
func (t *staged) mayFail(ret *ast.ReturnStmt) bool {
	return len(ret.Results) == 0 || !t.s.isNil(ret.Results[len(ret.Results)-1])
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

// mentionsFile reports whether a node names the file, or what was made of it.
func (t *staged) mentionsFile(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, isVar := t.s.info.Uses[id].(*types.Var)
			found = found || isVar && t.holdsFile(v)
		}
		return !found
	})
	return found
}

// holdsFile reports whether a variable holds the file, or what was made of it.
//
//	f, err := os.Create(p)
//	w := bufio.NewWriter(f) // f and w, not err
func (t *staged) holdsFile(v *types.Var) bool { return v == t.file || t.derived[v] }

// ifExists returns lines that do what is due if something is there at the
// commit, whose error is in the variable.
func (t *staged) ifExists(err, indent string) string {
	if t.exists == nil {
		return ""
	}
	return indent + "if " + t.p.Is(nil, err, "ErrExist", t.pos()) + " {\n" + t.p.copy(t.exists, indent+"\t") + indent + "}\n"
}
