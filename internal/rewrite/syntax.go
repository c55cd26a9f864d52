package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// functionOf returns the body of the innermost function, or nil.
func functionOf(outer []ast.Node) *ast.BlockStmt {
	_, body := innermost(outer)
	return body
}

// functionType returns the type of the innermost function, or nil.
func functionType(outer []ast.Node) *ast.FuncType {
	sig, _ := innermost(outer)
	return sig
}

func innermost(outer []ast.Node) (*ast.FuncType, *ast.BlockStmt) {
	for _, n := range outer {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Type, n.Body
		case *ast.FuncDecl:
			return n.Type, n.Body
		}
	}
	return nil, nil
}

// loop returns the innermost loop around a call, within its function, or nil.
func loop(outer []ast.Node) ast.Stmt {
	for _, n := range outer {
		switch n := n.(type) {
		case *ast.ForStmt:
			return n
		case *ast.RangeStmt:
			return n
		case *ast.FuncLit:
			return nil
		}
	}
	return nil
}

// sameLoop reports whether two places are in the same innermost loop.
func sameLoop(a, b []ast.Node) bool {
	return loop(a) != nil && loop(a) == loop(b)
}

// loopsHold reports whether each loop around use is around c, too: otherwise statements
// after use may run before it.
func loopsHold(c, use *Call) bool {
	around := make(map[ast.Node]bool)
	for _, n := range c.Outer {
		around[n] = true
	}
	for _, n := range use.Outer {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if !around[n] {
				return false
			}
		case *ast.FuncLit:
			return true
		}
	}
	return true
}

// list returns the statements that stmt is one of, and its index; outer are
// the nodes around it.
func list(stmt ast.Stmt, outer []ast.Node) ([]ast.Stmt, int) {
	if len(outer) == 0 {
		return nil, -1
	}
	var stmts []ast.Stmt
	switch n := outer[0].(type) {
	case *ast.BlockStmt:
		stmts = n.List
	case *ast.CaseClause:
		stmts = n.Body
	case *ast.CommClause:
		stmts = n.Body
	}
	for i, s := range stmts {
		if s == stmt {
			return stmts, i
		}
	}
	return nil, -1
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

// inSwitch reports whether a place is in a switch or select within its loop,
// where a break means another thing.
func inSwitch(outer []ast.Node) bool {
	for _, n := range outer {
		switch n.(type) {
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return true
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

func inLiteral(stack []ast.Node) bool {
	for _, n := range stack {
		if _, ok := n.(*ast.FuncLit); ok {
			return true
		}
	}
	return false
}

// around reports whether one of the nodes is a T.
func around[T ast.Node](stack []ast.Node) bool {
	return slices.ContainsFunc(stack, func(n ast.Node) bool { _, ok := n.(T); return ok })
}

// leaves reports whether statements end in one that leaves them for good.
func leaves(stmts []ast.Stmt) bool {
	if len(stmts) == 0 {
		return false
	}
	switch s := stmts[len(stmts)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return endsRound(s)
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		return ok && neverReturns(call)
	}
	return false
}

// endsRound reports whether a jump ends the innermost loop or switch, or the round of
// the loop: break and continue without a label.
func endsRound(n *ast.BranchStmt) bool {
	return n.Label == nil && (n.Tok == token.CONTINUE || n.Tok == token.BREAK)
}

func leavesByReturn(stmts []ast.Stmt) bool {
	if len(stmts) == 0 {
		return false
	}
	ret, ok := stmts[len(stmts)-1].(*ast.ReturnStmt)
	return ok && len(ret.Results) > 0
}

// neverReturns reports whether a call is one of the common calls that never return.
//
//	panic(err), os.Exit(1), log.Fatal(err)
//	t.Fatal(err) // t may be anything
func neverReturns(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name == "panic"
	case *ast.SelectorExpr:
		pkg, ok := fun.X.(*ast.Ident)
		if !ok {
			return false
		}
		switch pkg.Name + "." + fun.Sel.Name {
		case "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln":
			return true
		}
	}
	return false
}

func isBranch(stmt ast.Stmt) bool {
	switch n := stmt.(type) {
	case *ast.IfStmt:
		return true
	case *ast.SwitchStmt:
		return n.Tag == nil
	}
	return false
}

func isJump(b *ast.BlockStmt) bool {
	if len(b.List) != 1 {
		return false
	}
	_, ok := b.List[0].(*ast.BranchStmt)
	return ok
}

// breaks reports whether statements of a case may leave the switch, or go on
// to the next case.
func breaks(stmts []ast.Stmt) bool {
	found := false
	for _, stmt := range stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if b, ok := n.(*ast.BranchStmt); ok && b.Tok != token.CONTINUE {
				found = true
			}
			return !found
		})
	}
	return found
}

// returning lists the blocks before a position that end in a return from the function:
// their statements do not run before those at the position.
func returning(body ast.Node, end token.Pos) map[ast.Node]bool {
	list := make(map[ast.Node]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if b, ok := n.(*ast.BlockStmt); ok && b.End() < end && len(b.List) > 0 {
			_, list[b] = b.List[len(b.List)-1].(*ast.ReturnStmt)
		}
		return true
	})
	return list
}

// within reports whether a position is in one of the nodes that are marked.
func within(marked map[ast.Node]bool, pos token.Pos) bool {
	for n, is := range marked {
		if is && n.Pos() <= pos && pos < n.End() {
			return true
		}
	}
	return false
}

// endsBefore reports whether the innermost block with the last of the nodes
// leaves the function or the loop, and the call is not in it: what runs there
// does not run before the call.
func endsBefore(stack []ast.Node, use *Call) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		b, ok := stack[i].(*ast.BlockStmt)
		if !ok || len(b.List) == 0 {
			continue
		}
		if b.Pos() <= use.Pos() && use.Pos() < b.End() {
			return false
		}
		_, returns := b.List[len(b.List)-1].(*ast.ReturnStmt)
		return returns && !inLiteral(stack[:i])
	}
	return false
}

// blockEnd returns the end of the block that a statement is the last of.
func (s *Site) blockEnd(last ast.Stmt) token.Pos {
	for _, n := range s.Enclosing(last.Pos()) {
		if b, ok := n.(*ast.BlockStmt); ok && b.List[len(b.List)-1] == last {
			return b.End()
		}
	}
	return last.End()
}

// around returns the nodes around an expression, the innermost first.
func (s *Site) around(e ast.Expr) []ast.Node {
	nodes := s.Enclosing(e.Pos())
	for i, n := range nodes {
		if n == ast.Node(e) {
			return nodes[i+1:]
		}
	}
	return nil
}

// unconverted returns what an expression is a conversion of.
func (s *Site) unconverted(e ast.Expr) ast.Expr {
	for {
		e = ast.Unparen(e)
		call, ok := e.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !s.info.Types[call.Fun].IsType() {
			return e
		}
		e = call.Args[0]
	}
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

func operands(flags ast.Expr) int {
	if b, ok := ast.Unparen(flags).(*ast.BinaryExpr); ok {
		return operands(b.X) + operands(b.Y)
	}
	return 1
}

func (s *Site) callee(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	fn, _ := s.info.Uses[id].(*types.Func)
	return fn
}

// sameFunction reports whether two calls are in one function, and no jump makes the order
// in which they run differ from that in the source.
func (s *Site) sameFunction(c, use *Call) bool {
	body := c.Function()
	if body == nil || use.Function() != body {
		return false
	}
	jumps := false
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			jumps = true
		}
		return !jumps
	})
	return !jumps && loopsHold(c, use)
}

// noResults reports whether the function around a call has no results, so that
// a plain return returns the same everywhere.
func (s *Site) noResults(c *Call) bool {
	for _, n := range c.Outer {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Type.Results == nil
		case *ast.FuncDecl:
			return n.Type.Results == nil
		}
	}
	return false
}

// Bounds on what is worth moving: more than that is a function of its own.
const (
	maxMoved      = 4
	maxMovedLines = 12
)
