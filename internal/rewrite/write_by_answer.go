package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// WriteByAnswer has a call write by one function of the helper where the check
// has found something, and by another one where it has not:
//
//	if exists(p) {
//		...
//	}
//	... os.WriteFile(p, data, perm)
//
// becomes
//
//	write := atomicfix.WriteFileExcl
//	if exists(p) {
//		write = atomicfix.WriteFile
//		...
//	}
//	... write(p, data, perm)
//
// There is no plan where it is not certain that all ways on which something was
// found lead through that if, and all others past it.
func (s *Site) WriteByAnswer(check *pathops.Op, use *Call, absent, there string) (*Plan, fix.Refusal) {
	c := s.Call(check)
	if c == nil || c.Function() == nil || c.Function() != use.Function() || use.Caller != nil {
		return nil, Indirect
	}
	stmt, outer := s.branchOn(c)
	branch, ok := stmt.(*ast.IfStmt)
	if !ok || branch.Else != nil {
		return nil, "the result of the check is not tested by an if statement without an else"
	}
	if s.Line(branch.Body.Lbrace) == s.Line(branch.Body.Rbrace) {
		return nil, OneLine
	}
	stmts, i := list(branch, outer)
	if i < 0 || !follows(use, branch, stmts) || loop(outer) != loop(use.Outer) {
		return nil, "the file is not written after the check in the same block"
	}
	if !s.decides(check, branch) {
		return nil, "the if statement does not separate a found file from an absent one"
	}
	name := s.freshName(branch.Pos(), "write", "save", "writeFile")
	if name == "" || s.lookup(name, use.Pos()) != nil {
		return nil, "no variable name is free"
	}
	p, indent := s.plan(), s.Indent(branch.Pos())
	p.Insert(s.LineStart(branch.Pos()), indent+name+" := "+p.Use(s.Helper, absent, branch.Pos())+"\n")
	p.AfterLine(branch.Body.Lbrace, indent+"\t"+name+" = "+p.Use(s.Helper, there, branch.Body.Lbrace+1)+"\n")
	p.Replace(use.Fun, name)
	p.keepsOld(use, use.Args[0])
	return p.done()
}

// follows reports whether a call is below an if, in the same list of statements as the
// if.
func follows(use *Call, branch *ast.IfStmt, stmts []ast.Stmt) bool {
	return branch.End() <= use.Pos() && use.Pos() <= stmts[len(stmts)-1].End()
}

// decides reports whether the body of an if is run just where the check has found
// a file or a directory.
func (s *Site) decides(check *pathops.Op, branch *ast.IfStmt) bool {
	return s.passes(check, fate.File, branch.Body) && s.passes(check, fate.Dir, branch.Body) && s.avoids(check, fate.Absent, branch)
}
