package rewrite

import (
	"go/ast"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// notAlone is why the rest of a branch cannot be guarded.
const notAlone fix.Refusal = "the call is not only in the branch of the check, or a different branch is taken if something was found"

// GuardRest makes a call in the branch of a check skip the rest of that branch if the
// call's error is a sentinel, as the program does if the check finds the path in the state
// there:
//
//	if _, err := os.Stat(d); os.IsNotExist(err) {
//		if err := os.Mkdir(d, 0o700); err != nil { // && !errors.Is(err, fs.ErrExist)
//			return err
//		}
//	}
//	if exists(p) {
//		data, err := os.ReadFile(p)
//		if err != nil { // && !errors.Is(err, fs.ErrNotExist)
//			return err
//		}
//	}
//
// Where more follows in the branch, that becomes the body of an if err == nil, and
// what handles the error its else. There is no plan where the if on the check has
// another branch for what was found: BranchFor finds that one.
func (s *Site) GuardRest(check *pathops.Op, there fate.State, use *Call, h *Handling, sentinel string) (*Plan, fix.Refusal) {
	c := s.Call(check)
	if c == nil {
		return nil, Indirect
	}
	if h.If == nil || h.If.Else != nil {
		return nil, Unhandled
	}
	found, _ := s.branchOn(c)
	branch, _ := found.(*ast.IfStmt)
	outer := use.Outer
	if h.Init {
		outer = outer[1:]
	}
	if branch == nil || len(outer) == 0 || outer[0] != ast.Node(branch.Body) {
		return nil, notAlone
	}
	v := s.visited(check, there)
	if v == nil {
		return nil, notAlone
	}
	if taken, ok := v.taken(branch, nil); taken != nil || !ok {
		return nil, notAlone
	}
	stmts, i := list(h.If, outer)
	if i < 0 {
		return nil, notAlone
	}
	if s.outlives(c, branch) {
		return nil, "after the branch of the check the program uses the results of the check, which are those of an absent file"
	}
	if s.resultsOutlive(use, h, branch) {
		return nil, "below the branch of the check the program uses what the call has returned, which is not there where the call has failed"
	}
	if rest := stmts[i+1:]; len(rest) > 0 {
		return s.restOnlyAfter(use, h, sentinel, rest)
	}
	if use.stat != nil {
		return s.bodyOnlyUnless(use, h)
	}
	p := s.plan()
	p.Insert(h.If.Cond.End(), " && !"+p.Is(use, h.Err.Name(), sentinel, h.If.Body.Lbrace+1))
	return p.done()
}

// outlives reports whether a variable that holds a result of a check is used below the
// branch on it, where the rest of the branch was skipped. What it holds is not so any
// more:
//
//	f, err := os.Open(p)
//	if os.IsNotExist(err) {
//		... // creates p, and skips the rest if it is there
//	}
//	if err != nil {
//		return err // no such file
//	}
func (s *Site) outlives(check *Call, branch *ast.IfStmt) bool {
	assign := assignOf(check)
	if assign == nil {
		return false
	}
	for _, lhs := range assign.Lhs {
		if v := s.object(lhs); v != nil && s.readAfter(check.Function(), v, branch.End()) {
			return true
		}
	}
	return false
}

// resultsOutlive reports whether a variable that holds a result of a call is used below the
// branch that contains the call:
//
//	if exists(p) {
//		data, err = os.ReadFile(p)
//		if err != nil { // skipped for fs.ErrNotExist
//			return err
//		}
//	}
//	return err // would be fs.ErrNotExist now
func (s *Site) resultsOutlive(use *Call, h *Handling, branch *ast.IfStmt) bool {
	for _, lhs := range h.Assign.Lhs {
		if v := s.object(lhs); v != nil && v.Pos() < branch.Pos() && (s.isResult(use, v) || s.readAfter(use.Function(), v, branch.End())) {
			return true
		}
	}
	return false
}

// isResult reports whether a variable is a named result of the function around a call,
// which a return without values returns.
func (s *Site) isResult(c *Call, v *types.Var) bool {
	results := functionType(c.Outer).Results
	return results != nil && results.Pos() <= v.Pos() && v.Pos() < results.End()
}

// EndsBranch reports whether nothing follows a call and the handling of its error in the
// list that they are part of.
func (s *Site) EndsBranch(use *Call, h *Handling) bool {
	if h.If == nil {
		return false
	}
	outer := use.Outer
	if h.Init {
		outer = outer[1:]
	}
	stmts, i := list(h.If, outer)
	return i >= 0 && i == len(stmts)-1
}

// bodyOnlyUnless has what handles the error of a call run only where it does
// not say that something is there.
func (s *Site) bodyOnlyUnless(c *Call, h *Handling) (*Plan, fix.Refusal) {
	body := h.If.Body
	if len(body.List) == 0 || len(body.List) > maxMoved {
		return nil, NoBranch
	}
	if s.Line(body.Lbrace) == s.Line(body.List[0].Pos()) {
		return nil, OneLine
	}
	if s.HasComments(body.List[len(body.List)-1].End(), body.Rbrace) {
		return nil, Comments
	}
	p, indent := s.plan(), s.Indent(h.If.Pos())+"\t"
	_, no := p.says(c, h.Err.Name(), "ErrExist", body.Lbrace+1)
	text := p.CopyBlock(body.List, indent+"\t")
	p.ReplaceRange(s.LineStart(body.List[0].Pos()), s.LineStart(body.Rbrace), indent+"if "+no+" {\n"+text+indent+"}\n")
	return p.done()
}

// restOnlyAfter puts the rest of a branch under the condition that the call
// has made it.
func (s *Site) restOnlyAfter(c *Call, h *Handling, sentinel string, rest []ast.Stmt) (*Plan, fix.Refusal) {
	last := rest[len(rest)-1]
	if !leaves(h.If.Body.List) {
		return nil, "the program continues if the call fails"
	}
	if len(rest) > maxMoved {
		return nil, "too much code follows the call in the branch of the check"
	}
	if s.Line(h.If.Body.Lbrace) == s.Line(h.If.Body.Rbrace) {
		return nil, OneLine
	}
	if s.HasComments(h.If.End(), rest[0].Pos()) || s.HasComments(last.End(), s.blockEnd(last)) {
		return nil, Comments
	}
	if h.Init {
		for _, stmt := range rest {
			if s.names(stmt, h.Err.Name()) {
				return nil, "the rest of the branch uses another variable with the name of the error"
			}
		}
	}
	p, indent := s.plan(), s.Indent(h.If.Pos())
	p.Replace(h.If.Cond, h.Err.Name()+" == nil")
	_, no := p.says(c, h.Err.Name(), sentinel, h.If.Body.Lbrace+1)
	p.AfterLine(h.If.Body.Lbrace, p.CopyBlock(rest, indent+"\t")+indent+"} else if "+no+" {\n")
	p.ReplaceRange(h.If.End(), last.End(), "")
	return p.done()
}
