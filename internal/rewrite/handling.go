package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fate"
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

// HandleFirst has the statements of a block run where the error of a call is
// the sentinel, before anything else is made of it. It reports whether the
// error is in a variable, or can be put into one.
func (s *Site) HandleFirst(c *Call, sentinel string, block *Block) bool {
	h := s.Handling(c)
	if h == nil {
		return c.looks == "" && s.handleReturned(c, sentinel, block)
	}
	at, pos := h.Assign.End(), h.Assign.End()
	indent := s.Indent(h.Assign.Pos())
	if h.If != nil {
		at, pos = h.If.Body.Lbrace, h.If.Body.Lbrace+1
		indent = s.Indent(h.If.Pos()) + "\t"
		if s.Line(at) == s.Line(h.If.Body.Rbrace) {
			s.Fail()
		}
	}
	if c.above != nil {
		s.handleAbove(c, h, sentinel, block)
		return true
	}
	cond, _ := s.says(c, h, sentinel, pos)
	if h.If != nil && len(h.If.Body.List) > 0 {
		if first, ok := h.If.Body.List[0].(*ast.IfStmt); ok && s.Source(first.If+token.Pos(len("if ")), first.Cond.End()) == cond {
			s.Fail() // it is done already
		}
	}
	s.AfterLine(at, indent+"if "+cond+" {\n"+s.copy(block, indent+"\t")+indent+"}\n")
	return true
}

// says returns what follows the if where the error of a call, which is not nil,
// is the sentinel, and where it is not.
func (s *Site) says(c *Call, h *Handling, sentinel string, pos token.Pos) (yes, no string) {
	if c.looks == "" {
		yes = s.Is(h.Err.Name(), sentinel, pos)
		return yes, "!" + yes
	}
	info, failed := s.freshName(pos, "info", "dir", "found"), s.freshName(pos, "statErr", "failed")
	if info == "" || failed == "" {
		s.Fail()
	}
	look := info + ", " + failed + " := " + c.looks + "(" + s.Text(c.Args[0]) + "); " + failed
	return look + " == nil && " + info + ".IsDir()", look + " != nil || !" + info + ".IsDir()"
}

// handleAbove is HandleFirst for a call that is moved above declarations.
func (s *Site) handleAbove(c *Call, h *Handling, sentinel string, block *Block) {
	indent := s.Indent(c.above.Pos())
	s.Insert(s.LineStart(c.above.Pos()), s.CopyBlock([]ast.Stmt{h.Assign}, indent)+
		indent+"if "+s.Is(h.Err.Name(), sentinel, c.above.Pos())+" {\n"+s.copy(block, indent+"\t")+indent+"}\n")
	s.DeleteLines(h.Assign.Pos(), h.Assign.End())
}

// AboveDeclarations returns a call as it stands once it is moved above the
// declarations of variables that directly precede it, or nil if there are none
// or it uses one of them: what they hide means what it did before them there.
func (s *Site) AboveDeclarations(c *Call) *Call {
	h := s.Handling(c)
	if h == nil || h.Init || h.Assign.Tok != token.DEFINE {
		return nil
	}
	stmts, i := list(c.Stmt, c.Outer)
	moved := *c
	for i--; i >= 0; i-- {
		decl, ok := stmts[i].(*ast.DeclStmt)
		if !ok || !s.declaresFor(decl, c.Stmt) {
			break
		}
		moved.above = decl
	}
	if moved.above == nil || s.HasComments(moved.above.Pos(), c.Stmt.End()) {
		return nil
	}
	return &moved
}

// declaresFor reports whether a statement declares variables without a value,
// and another statement names none of them.
func (s *Site) declaresFor(decl *ast.DeclStmt, stmt ast.Stmt) bool {
	gen, ok := decl.Decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.VAR {
		return false
	}
	for _, spec := range gen.Specs {
		v := spec.(*ast.ValueSpec)
		if len(v.Values) > 0 || slices.ContainsFunc(v.Names, func(id *ast.Ident) bool { return s.names(stmt, id.Name) }) {
			return false
		}
	}
	return true
}

func (s *Site) copy(b *Block, indent string) string {
	if b.stmts == nil {
		return indent + b.text + "\n"
	}
	return s.CopyBlock(b.stmts, indent)
}

// errorName is what the error of a call is called where a fix looks at it.
type errorName struct {
	name string
	held *types.Var // that has the name; nil if the fix declares it
}

// errorOf returns what the error of a call is called, nil if it is neither
// assigned nor returned.
func (s *Site) errorOf(c *Call) *errorName {
	if h := s.Handling(c); h != nil {
		return &errorName{h.Err.Name(), h.Err}
	}
	if s.returns(c) == nil {
		return nil
	}
	held := s.pass.Pkg.Scope().Innermost(c.Pos()).Lookup("err")
	switch v := held.(type) {
	case nil:
		return &errorName{name: "err"}
	case *types.Var:
		if fate.IsError(v.Type()) {
			return &errorName{"err", v}
		}
	}
	return nil
}

// returns is the statement that returns what a call yields, and nothing
// else, or nil.
func (s *Site) returns(c *Call) *ast.ReturnStmt {
	ret, ok := c.Stmt.(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 || ret.Results[0] != ast.Expr(c.CallExpr) || !returnsError(s.info.TypeOf(c.CallExpr)) {
		return nil
	}
	if _, i := list(ret, c.Outer); i < 0 {
		return nil
	}
	return ret
}

// returnsError reports whether the last of the values of a call, whose type is
// t, is an error.
func returnsError(t types.Type) bool {
	if results, ok := t.(*types.Tuple); ok {
		return results.Len() > 0 && fate.IsError(results.At(results.Len()-1).Type())
	}
	return t != nil && fate.IsError(t)
}

// handleReturned is HandleFirst for a call that is returned as it is.
func (s *Site) handleReturned(c *Call, sentinel string, block *Block) bool {
	ret, errs := s.returns(c), s.errorOf(c)
	if ret == nil || errs == nil || s.Line(ret.Pos()) != s.Line(ret.Results[0].Pos()) {
		return false
	}
	names, assign := "", " := "
	results, several := s.info.TypeOf(c.CallExpr).(*types.Tuple)
	for i := 0; several && i < results.Len()-1; i++ {
		name := s.nameFor(results.At(i).Type(), c)
		if name == "" || strings.Contains(names, name+", ") {
			return false
		}
		names += name + ", "
	}
	if names == "" && errs.held != nil {
		assign = " = "
	}
	names += errs.name
	indent := s.Indent(ret.Pos())
	s.ReplaceRange(ret.Pos(), c.Pos(), names+assign)
	s.AfterLine(ret.End(), indent+"if "+s.Is(errs.name, sentinel, c.Pos())+" {\n"+s.copy(block, indent+"\t")+indent+"}\n"+
		indent+"return "+names+"\n")
	return true
}

// nameFor returns a name for a value of type t that a call yields.
func (s *Site) nameFor(t types.Type, c *Call) string {
	if isFile(t) {
		return s.freshName(c.Pos(), "f", "file")
	}
	if slice, ok := t.Underlying().(*types.Slice); ok && types.Identical(slice.Elem(), types.Typ[types.Byte]) {
		return s.freshName(c.Pos(), "data", "content")
	}
	return s.freshName(c.Pos(), "result", "value")
}
