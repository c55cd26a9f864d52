package rewrite

import (
	"go/ast"
	"go/token"
	"slices"
)

// takeMode creates the staged file with the mode that the program sets by its path after
// the write, and removes that call: the new file has the mode when it appears, and no user
// can execute a partial file.
//
//	f, err := os.Create(p) // atomicfix.CreateMode(p, 0o755)
//	...
//	if err := os.Chmod(p, 0o755); err != nil { // goes
//		return err
//	}
//	return nil
//
// There is nothing to take where the mode is not known at the
// creation, is set on a condition, or where the program goes on if it cannot be set:
//
//	if err := os.Chmod(p, info.Mode()); err != nil {
//		log.Print(err)
//	}
func (t *staged) takeMode() {
	stmt, chmod := t.modeSet()
	if chmod == nil || !t.s.Stable(chmod.Args[1], t.create, chmod) {
		return
	}
	t.p.DeleteLines(t.s.CommentAbove(stmt.Pos()), stmt.End())
	t.dropped = append(t.dropped, stmt)
	t.taken = append(t.taken, chmod.CallExpr)
	t.mode = chmod.Args[1]
}

// modeSet returns the one statement of the region that sets the mode by the path and leaves
// where that fails, with the call; nil if there is none.
func (t *staged) modeSet() (stmt *ast.IfStmt, chmod *Call) {
	places := 0
	t.inspect(func(n ast.Node, _ []ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok && t.setsMode(call) {
			places++
		}
	})
	if places != 1 {
		return nil, nil
	}
	for _, stmt := range t.region {
		n, ok := stmt.(*ast.IfStmt)
		if !ok || n.Else != nil || !t.leavesFailing(n.Body.List) {
			continue
		}
		assign, ok := n.Init.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 {
			continue
		}
		call, ok := assign.Rhs[0].(*ast.CallExpr)
		if !ok || !t.setsMode(call) {
			continue
		}
		c := t.s.callAt(call.Lparen)
		if h := t.s.Handling(c); h != nil && h.If == n {
			return n, c
		}
	}
	return nil, nil
}

// setsMode reports whether a call is os.Chmod of the path of the creation.
func (t *staged) setsMode(call *ast.CallExpr) bool {
	fn := t.s.callee(call)
	return fn != nil && fn.FullName() == "os.Chmod" && slices.ContainsFunc(call.Args[:1], func(arg ast.Expr) bool {
		return t.s.Text(arg) == t.s.Text(t.create.Args[0])
	})
}
