package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// RepeatCheck repeats a check after the use has failed, and runs the statements of the
// block that the program runs on the check's result, if the result is the same now:
//
//	if !dirExists(p) {
//		return nil
//	}
//	empty, err := dirIsEmpty(p)
//	if err != nil {
//		if !dirExists(p) { // new
//			return nil
//		}
//		return err
//	}
//
// It is for a use whose error does not say of which path it is, such as that of a function
// of another package. There is no plan where the answer that leads to the block is not the
// whole condition of an if.
func (s *Site) RepeatCheck(check *pathops.Op, use *Call, block *Block) (*Plan, fix.Refusal) {
	c, h := s.Call(check), s.Handling(use)
	if c == nil || use.Caller != nil || block.stmts == nil {
		return nil, Indirect
	}
	if h == nil || h.If == nil {
		return nil, Unhandled
	}
	if s.Line(h.If.Body.Lbrace) == s.Line(h.If.Body.Rbrace) {
		return nil, OneLine
	}
	stmt, _ := s.branchOn(c)
	branch, ok := stmt.(*ast.IfStmt)
	if !ok || branch.Body.List[0] != block.stmts[0] {
		return nil, "the branch for the other result of the check is not the body of an if statement"
	}
	if branch.Init == nil && c.Stmt != ast.Stmt(branch) {
		return nil, "the check is not in the header of the if statement"
	}
	if !s.onlyChecks(branch, c) || !s.headMeansSame(branch, c, use) {
		return nil, "the header of the if statement may mean something else at the use"
	}
	p, indent := s.plan(), s.Indent(h.If.Pos())+"\t"
	head := p.Copy(&ast.BadExpr{From: branch.If, To: branch.Body.Lbrace})
	p.AfterLine(h.If.Body.Lbrace, indent+head+"{\n"+p.copy(block, indent+"\t")+indent+"}\n")
	return p.done()
}

// onlyChecks reports whether the head of an if calls nothing but a check, and functions
// that test its error.
//
//	if _, err := os.Stat(p); errors.Is(err, fs.ErrNotExist) {
//	if !exists(p) && confirm() { // calls more
func (s *Site) onlyChecks(branch *ast.IfStmt, check *Call) bool {
	only := true
	visit := func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call != check.CallExpr {
			fn := s.callee(call)
			asks := fn != nil && (fn.FullName() == "os.IsNotExist" || fn.FullName() == "os.IsExist" || fn.FullName() == "errors.Is")
			only = only && (asks || !s.calls(call))
		}
		return only
	}
	if branch.Init != nil {
		ast.Inspect(branch.Init, visit)
	}
	ast.Inspect(branch.Cond, visit)
	return only
}

// headMeansSame reports whether the head of an if has the same meaning at a use as in its
// place: its names refer to the same variables there, with the same values.
//
//	if !exists(p) { // and p is not assigned to up to the use
//	if _, err := os.Stat(p); os.IsNotExist(err) { // err is declared by the head
//
// and not
//
//	if _, err = os.Stat(p); os.IsNotExist(err) { // err is another one by then
func (s *Site) headMeansSame(branch *ast.IfStmt, check, use *Call) bool {
	same := true
	visit := func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return same
		}
		obj := s.info.Uses[id]
		if obj == nil || obj.Parent() == nil || obj.Parent() == types.Universe || s.foreign(obj) || branch.Pos() <= obj.Pos() && obj.Pos() < branch.End() {
			return same
		}
		v, isVar := obj.(*types.Var)
		assigned := isVar && v.Parent() != s.pass.Pkg.Scope() && s.assignedBetween(use.Declaration(), v, check.Pos(), use.End())
		same = same && !assigned && s.lookup(id.Name, use.Pos()) == obj
		return same
	}
	if branch.Init != nil {
		if assign, ok := branch.Init.(*ast.AssignStmt); !ok || assign.Tok != token.DEFINE {
			return false
		}
		ast.Inspect(branch.Init, visit)
	}
	ast.Inspect(branch.Cond, visit)
	return same
}
