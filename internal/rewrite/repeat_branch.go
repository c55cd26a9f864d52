package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fix"
)

// RepeatBranch has the statements of a block run where the error of a call is
// the sentinel, before anything else is made of it:
//
//	if !exists(p) {
//		return defaults, nil // the block
//	}
//	data, err := os.ReadFile(p)
//	if err != nil {
//		if errors.Is(err, fs.ErrNotExist) { // new
//			return defaults, nil
//		}
//		return nil, err
//	}
//
// A call that is returned as it is gets a variable for its error. There is no plan
// for one whose error is dropped, or is part of a longer expression.
func (s *Site) RepeatBranch(c *Call, sentinel string, block *Block) (*Plan, fix.Refusal) {
	h := s.Handling(c)
	if h == nil {
		return s.handleReturned(c, sentinel, block)
	}
	if c.above != nil {
		return s.handleAbove(c, h, sentinel, block)
	}
	p, at, pos := s.plan(), h.Assign.End(), h.Assign.End()
	indent := s.Indent(h.Assign.Pos())
	if h.If != nil {
		at, pos = h.If.Body.Lbrace, h.If.Body.Lbrace+1
		indent = s.Indent(h.If.Pos()) + "\t"
		if s.Line(at) == s.Line(h.If.Body.Rbrace) {
			return nil, OneLine
		}
	}
	if h.If != nil && s.sameText(block.stmts, h.If.Body.List) {
		return nil, SameAnyway
	}
	if h.If == nil {
		p.AfterLine(at, p.whenSays(c, h.Err.Name(), sentinel, pos, indent, func(indent string) string { return p.copy(block, indent) }))
		return p.done()
	}
	cond, _ := p.says(c, h.Err.Name(), sentinel, pos)
	if len(h.If.Body.List) > 0 && s.tests(h.If.Body.List[0], cond) {
		return nil, "the error is already compared with fs." + sentinel
	}
	p.AfterLine(at, indent+"if "+cond+" {\n"+p.copy(block, indent+"\t")+indent+"}\n")
	return p.done()
}

// tests reports whether a statement is an if with the condition.
func (s *Site) tests(stmt ast.Stmt, cond string) bool {
	n, ok := stmt.(*ast.IfStmt)
	return ok && s.Source(n.If+token.Pos(len("if ")), n.Cond.End()) == cond
}

// sameText reports whether two lists of statements are the same text.
func (s *Site) sameText(a, b []ast.Stmt) bool {
	return slices.EqualFunc(a, b, func(x, y ast.Stmt) bool { return s.Text(x) == s.Text(y) })
}

// handleAbove is RepeatBranch for a call that is moved above declarations.
func (s *Site) handleAbove(c *Call, h *Handling, sentinel string, block *Block) (*Plan, fix.Refusal) {
	p, indent := s.plan(), s.Indent(c.above.Pos())
	p.Insert(s.LineStart(c.above.Pos()), p.CopyBlock([]ast.Stmt{h.Assign}, indent)+
		indent+"if "+p.Is(c, h.Err.Name(), sentinel, c.above.Pos())+" {\n"+p.copy(block, indent+"\t")+indent+"}\n")
	p.DeleteLines(h.Assign.Pos(), h.Assign.End())
	return p.done()
}

// HoistAbove returns a call in its place above the declarations of variables that directly
// precede it, or nil if there are none or it uses one of them. Names that the declarations
// hide have their outer meaning there.
//
//	var cfg T
//	data, err := os.ReadFile(p) // goes above the declaration
func (s *Site) HoistAbove(c *Call) *Call {
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

// handleReturned is RepeatBranch for a call that is returned as it is.
func (s *Site) handleReturned(c *Call, sentinel string, block *Block) (*Plan, fix.Refusal) {
	ret, errs := s.returns(c), s.errorOf(c)
	if ret == nil || errs == nil || s.Line(ret.Pos()) != s.Line(c.Pos()) {
		return nil, NoError
	}
	p, indent := s.plan(), s.Indent(ret.Pos())
	before := s.Source(ret.Results[0].Pos(), c.Pos())
	for _, result := range ret.Results[:len(ret.Results)-1] {
		if s.names(result, errs.name) {
			return nil, "another return value uses a variable named err"
		}
		p.Copy(result)
	}
	names, assign := "", " := "
	results, several := s.info.TypeOf(c.CallExpr).(*types.Tuple)
	for i := 0; several && i < results.Len()-1; i++ {
		name := s.nameFor(results.At(i).Type(), c)
		if name == "" || strings.Contains(names, name+", ") {
			return nil, "no variable names are free for the results of the call"
		}
		names += name + ", "
	}
	if names == "" && errs.held != nil {
		assign = " = "
	}
	names += errs.name
	text := p.whenSays(c, errs.name, sentinel, c.Pos(), indent, func(indent string) string { return p.copy(block, indent) })
	p.AfterLine(ret.End(), text+indent+"return "+before+names+"\n")
	p.ReplaceRange(ret.Pos(), c.Pos(), names+assign)
	return p.done()
}
