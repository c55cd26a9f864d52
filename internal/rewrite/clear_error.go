package rewrite

import (
	"go/ast"
	"go/token"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// ClearError has the error of a call that ends the branch of a check be nil where it is
// fs.ErrExist, as it is where the check finds the path in the state there:
//
//	ok, err := exists(d)
//	if !ok && err == nil {
//		err = os.Mkdir(d, 0o700)
//		if errors.Is(err, fs.ErrExist) { // new
//			err = nil
//		}
//	}
//	if err != nil {
//		return err
//	}
//
// There is no plan where the error is another variable than the check's, whose value
// where the path was found is not known, or where another result of the check is used
// below: it says that nothing was there.
func (s *Site) ClearError(check *pathops.Op, there fate.State, use *Call) (*Plan, fix.Refusal) {
	c, h := s.Call(check), s.Handling(use)
	if c == nil {
		return nil, Indirect
	}
	if h == nil || h.If != nil || h.Assign.Tok != token.ASSIGN || len(h.Assign.Lhs) != 1 {
		return nil, Unhandled
	}
	found, _ := s.branchOn(c)
	branch, ok := found.(*ast.IfStmt)
	if !ok || len(use.Outer) == 0 || use.Outer[0] != ast.Node(branch.Body) || branch.Body.List[len(branch.Body.List)-1] != ast.Stmt(h.Assign) {
		return nil, "the call is not the last one in the branch of the check"
	}
	v := s.visited(check, there)
	if v == nil {
		return nil, NoBranch
	}
	if taken, ok := v.taken(branch, nil); taken != nil || !ok {
		return nil, NoBranch
	}
	answer := &answer{assign: assignOf(c), results: s.results(check, there)}
	if answer.literal(s, h.Err) != "nil" || s.othersOutlive(c, h, branch) {
		return nil, "the results of the check are used after its branch"
	}
	p, indent := s.plan(), s.Indent(h.Assign.Pos())
	cleared := func(indent string) string { return indent + h.Err.Name() + " = nil\n" }
	p.AfterLine(h.Assign.End(), p.whenSays(use, h.Err.Name(), "ErrExist", h.Assign.End(), indent, cleared))
	return p.done()
}

// othersOutlive reports whether a result of a check, but for the error that a call assigns
// to, is used below the branch on it.
func (s *Site) othersOutlive(check *Call, h *Handling, branch *ast.IfStmt) bool {
	for _, lhs := range assignOf(check).Lhs {
		if v := s.object(lhs); v != nil && v != h.Err && s.readAfter(check.Function(), v, branch.End()) {
			return true
		}
	}
	return false
}
