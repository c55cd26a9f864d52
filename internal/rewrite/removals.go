package rewrite

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// removesOld is why a file must not be written whole where the program removes it when the
// writing fails.
const removesOld fix.Refusal = "the program removes the file where the writing fails: that would remove the old file, or another process's"

// removal is a call that removes the path that another call creates.
//
//	os.Remove(p)
//	os.Remove(f.Name())
type removal struct {
	call  *ast.CallExpr
	stack []ast.Node // from the body of the function to the call
}

// deferred returns the defer statement around a removal, or nil.
func (r removal) deferred() *ast.DeferStmt {
	for _, n := range r.stack {
		if d, ok := n.(*ast.DeferStmt); ok {
			return d
		}
	}
	return nil
}

// removals lists the removals of the path that a call creates in the function around it:
// file is what the source calls the open file, or "".
func (s *Site) removals(c *Call, path ast.Expr, file string) (list []removal) {
	names := []string{s.Text(path)}
	if file != "" {
		names = append(names, file+".Name()")
	}
	ast.PreorderStack(c.Function(), nil, func(n ast.Node, outer []ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if ok && s.removesPath(call) && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return slices.Contains(names, s.Text(arg)) }) {
			list = append(list, removal{call, append(slices.Clone(outer), n)})
		}
		return true
	})
	return list
}

// removesPath reports whether a call is of a function that removes what its argument names.
func (s *Site) removesPath(call *ast.CallExpr) bool {
	fn := s.callee(call)
	if fn == nil {
		return false
	}
	row := fsapi.Lookup(fn.FullName())
	return row != nil && slices.ContainsFunc(row.Ops, func(op fsapi.Op) bool { return op.Effect == fsapi.Remove })
}

// keepsOld takes out each removal of the path that a call creates that runs where the call
// has failed: what is written whole leaves the old file there then, and what is created
// exclusively may be another process's.
//
//	if err := os.WriteFile(p, data, 0o600); err != nil { // atomicfix.WriteFile
//		os.Remove(p) // goes: the old file is there
//		return err
//	}
//
// A removal after a later failure stays: it removes what the call has written. The plan
// fails where a removal cannot be taken out alone, or is in a caller.
func (p *Plan) keepsOld(c *Call, path ast.Expr) {
	h := p.s.Handling(c)
	for _, r := range p.s.removals(c, path, "") {
		d := r.deferred()
		switch {
		case d != nil && d.Pos() < c.Pos():
			p.dropRemoval(r)
		case d == nil && h != nil && h.If != nil && h.If.Body.Pos() <= r.call.Pos() && r.call.End() <= h.If.Body.End():
			p.dropRemoval(r)
		}
	}
	if p.s.removedByCaller() {
		p.Fail(removesOld)
	}
}

// dropRemoval takes out the statement that a removal is, and what would be empty without
// it. A deferred one has to be for the case of an error:
//
//	defer func() {
//		if err != nil {
//			os.Remove(p)
//		}
//	}()
func (p *Plan) dropRemoval(r removal) ast.Stmt {
	at := len(r.stack) - 2
	if !p.s.discards(r.stack[at], r.call) || r.deferred() != nil && !p.s.afterError(r.stack) {
		p.Fail(removesOld)
		return nil
	}
	stmt := r.stack[at].(ast.Stmt)
	for {
		list, ok := r.stack[at-1].(*ast.BlockStmt)
		if !ok {
			p.Fail(removesOld)
			return nil
		}
		if len(list.List) > 1 {
			break
		}
		outer, next := p.s.emptied(r.stack[:at-1], list)
		if outer == nil {
			p.Fail(removesOld)
			return nil
		}
		stmt, at = outer, next
	}
	if p.s.HasComments(stmt.Pos(), stmt.End()) {
		p.Fail(Comments)
		return nil
	}
	p.DeleteLines(stmt.Pos(), stmt.End())
	return stmt
}

// discards reports whether a node is a statement that does nothing but a call, and drops
// what it returns.
//
//	os.Remove(p)
//	_ = os.Remove(p)
func (s *Site) discards(n ast.Node, call *ast.CallExpr) bool {
	switch n := n.(type) {
	case *ast.ExprStmt:
		return n.X == ast.Expr(call)
	case *ast.AssignStmt:
		id, ok := n.Lhs[0].(*ast.Ident)
		return ok && len(n.Lhs) == 1 && id.Name == "_" && n.Tok == token.ASSIGN
	}
	return false
}

// afterError reports whether the last of the nodes runs only where an error is not nil.
//
//	if err := f.Close(); err != nil {
//		os.Remove(tmp) // this
//	}
//
//	if !complete {
//		os.Remove(tmp) // for another reason
//	}
func (s *Site) afterError(stack []ast.Node) bool {
	for i, n := range stack[:len(stack)-1] {
		branch, ok := n.(*ast.IfStmt)
		if !ok || stack[i+1] != ast.Node(branch.Body) {
			continue
		}
		if b, ok := ast.Unparen(branch.Cond).(*ast.BinaryExpr); ok && b.Op == token.NEQ && s.isError(b.X) && s.isNil(b.Y) {
			return true
		}
	}
	return false
}

// emptied returns the statement that does nothing when a block is empty, the nodes around
// which end in outer, and its index there; nil if there is none.
//
//	if err != nil {}
//	defer func() {}()
func (s *Site) emptied(outer []ast.Node, block *ast.BlockStmt) (ast.Stmt, int) {
	last := len(outer) - 1
	if last < 1 {
		return nil, 0
	}
	switch n := outer[last].(type) {
	case *ast.IfStmt:
		_, listed := outer[last-1].(*ast.BlockStmt)
		if listed && n.Body == block && n.Init == nil && n.Else == nil && !s.calls(n.Cond) {
			return n, last
		}
	case *ast.FuncLit:
		if last < 3 {
			return nil, 0
		}
		if d, ok := outer[last-2].(*ast.DeferStmt); ok && d.Call.Fun == ast.Expr(n) && len(d.Call.Args) == 0 {
			return d, last - 2
		}
	}
	return nil, 0
}

// removedByCaller reports whether a function of the package removes the path where a call
// of the function that performs the use of the finding has failed.
//
//	if err := save(p); err != nil { // save writes
//		os.Remove(p)
//	}
//
// A caller further up may remove more than that file, and for more than that.
func (s *Site) removedByCaller() bool {
	deep := s.Finding.Use.Deep
	for _, f := range s.ops.Funcs {
		for _, op := range f.Ops {
			if op.Deep == deep && op.Via != nil && op.Via.Scope() != nil && op.Via.Scope().Contains(deep) && s.removedAfter(f, op) {
				return true
			}
		}
	}
	return false
}

// removedAfter reports whether a function removes the path of an operation where it handles
// the error of that, as in the body of the if, and not below it.
func (s *Site) removedAfter(f *pathops.Func, op *pathops.Op) bool {
	t := *s
	if !s.InFile(op.Call.Pos()) {
		if t.File = fix.Open(s.pass, op.Call.Pos(), s.env); t.File == nil {
			return true
		}
	}
	c := t.callAt(op.Call.Pos())
	if c == nil {
		return true
	}
	h := t.Handling(c)
	if h == nil || h.If == nil {
		return false
	}
	return slices.ContainsFunc(f.Ops, func(other *pathops.Op) bool {
		pos := other.Call.Pos()
		inBody := h.If.Body.Pos() <= pos && pos < h.If.Body.End()
		return inBody && other.Effect == fsapi.Remove && other.Path == op.Path
	})
}
