package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

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
