package rewrite

import (
	"go/ast"

	"github.com/edcacfbd/toctou/internal/fix"
)

// WriteWithMode makes one call of a write and of the os.Chmod that directly follows:
//
//	if err := os.WriteFile(p, data, 0o600); err != nil {
//		return err
//	}
//	return os.Chmod(p, 0o640)
//
// becomes
//
//	if err := atomicfix.WriteFileMode(p, data, 0o640); err != nil {
//		return err
//	}
//	return nil
//
// There is no plan where the two errors are handled in different ways: the one call
// has one error. It also returns the title of the fix.
func (s *Site) WriteWithMode(write, chmod *Call) (*Plan, string, fix.Refusal) {
	if len(write.Args) != 3 {
		return nil, "", NoRewrite
	}
	switch write.Name {
	case "os.WriteFile", "io/ioutil.WriteFile", s.Helper + ".WriteFile":
	default:
		return nil, "", NoRewrite
	}
	if s.Helper == "" {
		return nil, "", NoHelper
	}
	if s.Text(write.Args[0]) != s.Text(chmod.Args[0]) || !s.Stable(chmod.Args[1], write, chmod) {
		return nil, "", "the path or the mode may have a different value where the file is written"
	}
	if why := s.KeepsFile(); why != "" {
		return nil, "", why
	}
	p := s.plan()
	if !p.dropFollowing(write, chmod) {
		return nil, "", "the mode is not set directly after the write, or its error is handled differently"
	}
	old := s.Text(write.Fun)
	name := p.ReplaceFunc(write, s.Helper, "WriteFileMode")
	p.Replace(write.Args[2], p.Copy(chmod.Args[1]))
	p.keepsOld(write, write.Args[0])
	p, why := p.done()
	return p, "Replace " + old + " and os.Chmod with " + name, why
}

// dropFollowing takes the call next out, if it directly follows first and its
// error is handled in just the same way, so that it makes no difference which
// of the two has failed.
//
//	if err := os.WriteFile(p, data, 0o600); err != nil {
//		return err
//	}
//	if err := os.Chmod(p, 0o640); err != nil { // goes: the same is done
//		return err
//	}
func (p *Plan) dropFollowing(first, next *Call) bool {
	s := p.s
	h := s.Handling(first)
	if h == nil || h.If == nil || h.If.Else != nil {
		return false
	}
	last, outer := ast.Stmt(h.If), first.Outer
	if h.Init {
		outer = outer[1:]
	}
	stmts, i := list(last, outer)
	if i < 0 || i+1 >= len(stmts) || s.HasComments(h.If.Body.Rbrace, next.End()) {
		return false
	}
	following := stmts[i+1]
	if ret, ok := following.(*ast.ReturnStmt); ok {
		if len(ret.Results) != 1 || ret.Results[0] != ast.Expr(next.CallExpr) || !s.returnsError(h) {
			return false
		}
		p.Replace(next.CallExpr, "nil")
		return true
	}
	g := s.Handling(next)
	if g == nil || !g.Init || g.If != following || g.If.Else != nil || s.HasComments(following.Pos(), following.End()) || !s.sameHandling(h, g) {
		return false
	}
	p.DeleteLines(following.Pos(), following.End())
	return true
}
