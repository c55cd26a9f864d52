package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Handling is what becomes of the error of a call.
type Handling struct {
	Err    *types.Var      // what holds it
	Assign *ast.AssignStmt // the call's
	If     *ast.IfStmt     // if err != nil: with the call in its initialiser, or the next statement
	Init   bool            // the call is in If's initialiser
}

// Handling returns how the error of a call is handled, or nil if it is not
// assigned to a variable.
func (s *Site) Handling(c *Call) *Handling {
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || ast.Unparen(assign.Rhs[0]) != ast.Expr(c.CallExpr) {
		return nil
	}
	last := assign.Lhs[len(assign.Lhs)-1]
	h := &Handling{Err: s.object(last), Assign: assign}
	if h.Err == nil || !s.isError(last) {
		return nil
	}
	if n, ok := c.Outer[0].(*ast.IfStmt); ok && n.Init == ast.Stmt(assign) {
		if s.testsNil(n.Cond, h.Err, token.NEQ) {
			h.If, h.Init = n, true
		}
		return h
	}
	if stmts, i := list(assign, c.Outer); i >= 0 && i+1 < len(stmts) {
		if n, ok := stmts[i+1].(*ast.IfStmt); ok && n.Init == nil && s.testsNil(n.Cond, h.Err, token.NEQ) {
			h.If = n
		}
	}
	return h
}

// testsNil reports whether a condition is exactly v != nil, or v == nil.
func (s *Site) testsNil(cond ast.Expr, v *types.Var, op token.Token) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && b.Op == op && s.object(b.X) == v && s.isNil(b.Y)
}

func (s *Site) isNil(e ast.Expr) bool {
	return s.info.Types[e].IsNil()
}

// HandleFirst has the statements of a block run where the call's error is the
// sentinel, before anything else is made of it.
func (s *Site) HandleFirst(h *Handling, sentinel string, block *Block) {
	at, pos := h.Assign.End(), h.Assign.End()
	indent := s.Indent(h.Assign.Pos())
	if h.If != nil {
		at, pos = h.If.Body.Lbrace, h.If.Body.Lbrace+1
		indent = s.Indent(h.If.Pos()) + "\t"
		if s.Line(at) == s.Line(h.If.Body.Rbrace) {
			s.Fail()
		}
	}
	cond := s.Is(h.Err.Name(), sentinel, pos)
	if h.If != nil && len(h.If.Body.List) > 0 {
		if first, ok := h.If.Body.List[0].(*ast.IfStmt); ok && s.Text(first.Cond) == cond {
			s.Fail() // it is done already
		}
	}
	s.AfterLine(at, indent+"if "+cond+" {\n"+s.copy(block, indent+"\t")+indent+"}\n")
}

func (s *Site) copy(b *Block, indent string) string {
	if b.stmts == nil {
		return indent + b.text + "\n"
	}
	return s.CopyBlock(b.stmts, indent)
}
