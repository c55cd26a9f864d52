package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// WriteByAnswer has a call write by one function of the helper where the check
// has found something, and by another one where it has not:
//
//	write := absent
//	if exists(path) {
//		write = there
//		...
//	}
//	... write(path, data, perm)
//
// It reports whether the answer is certainly that of an if without an else.
func (s *Site) WriteByAnswer(check *pathops.Op, use *Call, absent, there string) bool {
	c := s.Call(check)
	if c == nil || c.Function() == nil || c.Function() != use.Function() || use.Caller != nil {
		return false
	}
	stmt, outer := s.branchOn(c)
	branch, ok := stmt.(*ast.IfStmt)
	if !ok || branch.Else != nil || s.Line(branch.Body.Lbrace) == s.Line(branch.Body.Rbrace) {
		return false
	}
	stmts, i := list(branch, outer)
	if i < 0 || use.Pos() < branch.End() || stmts[len(stmts)-1].End() < use.Pos() || loop(outer) != loop(use.Outer) {
		return false
	}
	if !s.passes(check, fate.File, branch.Body) || !s.passes(check, fate.Dir, branch.Body) || !s.avoids(check, fate.Absent, branch) {
		return false
	}
	name := s.freshName(branch.Pos(), "write", "save", "writeFile")
	if name == "" || s.lookup(name, use.Pos()) != nil {
		return false
	}
	indent := s.Indent(branch.Pos())
	s.Insert(s.LineStart(branch.Pos()), indent+name+" := "+s.Use(s.Helper, absent, branch.Pos())+"\n")
	s.AfterLine(branch.Body.Lbrace, indent+"\t"+name+" = "+s.Use(s.Helper, there, branch.Body.Lbrace+1)+"\n")
	s.Replace(use.Fun, name)
	return true
}
