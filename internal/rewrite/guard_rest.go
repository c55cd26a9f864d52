package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// SkipRest has a call that stands in the branch of a check skip the rest of
// that branch where the call's error is fs.ErrExist, as the program does where
// the check finds the path in the state there.
func (s *Site) SkipRest(check *pathops.Op, there fate.State, use *Call, h *Handling) bool {
	c := s.Call(check)
	if c == nil || h.If == nil || h.If.Else != nil {
		return false
	}
	found, _ := s.branchOn(c)
	branch, _ := found.(*ast.IfStmt)
	outer := use.Outer
	if h.Init {
		outer = outer[1:]
	}
	if branch == nil || len(outer) == 0 || outer[0] != ast.Node(branch.Body) {
		return false
	}
	v := s.visited(check, there)
	if v == nil {
		return false
	}
	if taken, ok := v.taken(branch, nil); taken != nil || !ok {
		return false
	}
	stmts, i := list(h.If, outer)
	if i < 0 {
		return false
	}
	if rest := stmts[i+1:]; len(rest) > 0 {
		return s.restOnlyAfter(use, h, rest)
	}
	if use.looks != "" {
		return s.bodyOnlyUnless(use, h)
	}
	s.Insert(h.If.Cond.End(), " && !"+s.Is(h.Err.Name(), "ErrExist", h.If.Body.Lbrace+1))
	return true
}

// bodyOnlyUnless has what handles the error of a call run only where it does
// not tell that something is there.
func (s *Site) bodyOnlyUnless(c *Call, h *Handling) bool {
	body := h.If.Body
	if len(body.List) == 0 || len(body.List) > maxMoved || s.Line(body.Lbrace) == s.Line(body.List[0].Pos()) {
		return false
	}
	if s.HasComments(body.List[len(body.List)-1].End(), body.Rbrace) {
		return false
	}
	indent := s.Indent(h.If.Pos()) + "\t"
	_, no := s.says(c, h, "ErrExist", body.Lbrace+1)
	text := s.CopyBlock(body.List, indent+"\t")
	s.ReplaceRange(s.LineStart(body.List[0].Pos()), s.LineStart(body.Rbrace), indent+"if "+no+" {\n"+text+indent+"}\n")
	return true
}

// restOnlyAfter puts the rest of a branch under the condition that the call
// has made it.
func (s *Site) restOnlyAfter(c *Call, h *Handling, rest []ast.Stmt) bool {
	last := rest[len(rest)-1]
	if !leaves(h.If.Body.List) || len(rest) > maxMoved || s.HasComments(h.If.End(), rest[0].Pos()) || s.Line(h.If.Body.Lbrace) == s.Line(h.If.Body.Rbrace) {
		return false
	}
	if s.HasComments(last.End(), s.blockEnd(last)) {
		return false
	}
	if h.Init {
		for _, stmt := range rest {
			if s.names(stmt, h.Err.Name()) {
				return false // the name would mean another variable
			}
		}
	}
	indent := s.Indent(h.If.Pos())
	s.Replace(h.If.Cond, h.Err.Name()+" == nil")
	_, no := s.says(c, h, "ErrExist", h.If.Body.Lbrace+1)
	s.AfterLine(h.If.Body.Lbrace, s.CopyBlock(rest, indent+"\t")+indent+"} else if "+no+" {\n")
	s.ReplaceRange(h.If.End(), last.End(), "")
	return true
}
