package rewrite

import (
	"go/ast"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fix"
)

// removeLater adds the deferred removal of what a call has created, below the handling of
// its error, unless the function defers one already: v and method make its path.
//
//	defer os.Remove(f.Name()) // v is f, method .Name()
//	defer os.Remove(tmp)      // v is tmp
//
// After a rename nothing has the name, and the removal does nothing.
func (p *Plan) removeLater(create *Call, v *types.Var, method string) (*Plan, fix.Refusal) {
	s := p.s
	if s.removes(create.Declaration(), v) {
		return p.done()
	}
	h := s.Handling(create)
	if !h.leaves() {
		return nil, Unhandled
	}
	if loop(create.Outer) != nil {
		return nil, "the temporary file is created in a loop, where deferred calls pile up"
	}
	if h.Init && v.Pos() >= h.If.Pos() {
		return nil, "the result of the creation is only in scope inside the if statement"
	}
	p.AfterLine(h.If.End(), s.Indent(h.If.Pos())+"defer "+p.Use("os", "Remove", create.Pos())+"("+v.Name()+method+")\n")
	return p.done()
}

// removes reports whether a function has deferred the removal of something of a
// variable's, in a function literal too: on every way out.
//
//	defer os.Remove(f.Name())
//	defer func() { f.Close(); os.RemoveAll(f.Name()) }()
//
//	os.Remove(f.Name()) // on this way out only
func (s *Site) removes(body *ast.BlockStmt, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		deferred, ok := n.(*ast.DeferStmt)
		if !ok {
			return !found
		}
		ast.Inspect(deferred, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				fn := s.callee(call)
				found = found || fn != nil && (fn.FullName() == "os.Remove" || fn.FullName() == "os.RemoveAll") && s.mentions(call, v)
			}
			return !found
		})
		return false
	})
	return found
}
