package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Handle returns how the source names the file that an operation has opened, if that is
// certainly the file, and open, at the call use: a variable in scope that is assigned
// once, or a field that nothing can have changed since. It returns "" if there is none.
//
//	f, err := os.Open(p)        // f
//	r.file, err = os.Create(p)  // r.file, directly below
func (s *Site) Handle(open *pathops.Op, use *Call) string {
	c := s.Call(open)
	if c == nil || !s.sameFunction(c, use) || c.Pos() > use.Pos() {
		return ""
	}
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || assign.Rhs[0] != ast.Expr(c.CallExpr) {
		return ""
	}
	if sel, ok := assign.Lhs[0].(*ast.SelectorExpr); ok && s.fieldHolds(sel, c, use) {
		return s.Text(sel)
	}
	v := s.object(assign.Lhs[0])
	if v == nil || !isFile(v.Type()) || s.lookup(v.Name(), use.Pos()) != types.Object(v) {
		return ""
	}
	body := c.Declaration()
	if body == nil || !s.assignedOnce(body, v, assign) || s.mayBeClosed(body, v, c, use) {
		return ""
	}
	if s.runsOnlyOpen(c, use) || !s.mayHaveFailed(open) {
		return v.Name()
	}
	return ""
}

// mayHaveFailed reports whether the use of the finding is reached where an open has failed.
func (s *Site) mayHaveFailed(open *pathops.Op) bool {
	return s.Reaches(open, fate.Denied, s.Finding.Use) || open.Effect == fsapi.Open && s.Reaches(open, fate.Absent, s.Finding.Use)
}

// runsOnlyOpen reports whether a call is below the handling of another call's error, and
// control leaves in that handling.
//
//	f, err := os.Open(p)
//	if err != nil {
//		return err
//	}
//	info, err := os.Stat(p) // here
func (s *Site) runsOnlyOpen(open, use *Call) bool {
	h := s.Handling(open)
	if !h.leaves() {
		return false
	}
	outer := open.Outer
	if h.Init {
		outer = outer[1:]
	}
	stmts, i := list(h.If, outer)
	return i >= 0 && h.If.End() <= use.Pos() && use.Pos() < stmts[len(stmts)-1].End()
}

// fieldHolds reports whether a field that was given an open file certainly holds it at a
// call below the handling of the open's error: in between nothing is assigned, and only
// functions of the standard library are called, which know nothing of the field.
//
//	r.file, err = os.Open(p)
//	if err != nil {
//		return err
//	}
//	log.Print(p)
//	info, err := os.Stat(p) // r.file is the file, unless r.reset() is called before
func (s *Site) fieldHolds(field *ast.SelectorExpr, open, use *Call) bool {
	if s.object(field.X) == nil || !isFile(s.info.TypeOf(field)) || !s.runsOnlyOpen(open, use) {
		return false
	}
	start := s.Handling(open).If.End()
	holds := true
	ast.Inspect(open.Declaration(), func(n ast.Node) bool {
		if n == nil || n.Pos() < start || use.Pos() <= n.Pos() {
			return true
		}
		switch n := n.(type) {
		case *ast.AssignStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt:
			_, init := n.(*ast.AssignStmt)
			holds = holds && init && n.End() >= use.Pos()
		case *ast.CallExpr:
			conversion := s.info.Types[n.Fun].IsType()
			holds = holds && (conversion || ofStandardLibrary(s.callee(n)))
		}
		return holds
	})
	return holds
}

// ofStandardLibrary reports whether a callee is a function of the standard library, no
// method: its package has a path without a dot.
func ofStandardLibrary(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	return fn.Signature().Recv() == nil && !strings.Contains(fn.Pkg().Path(), ".")
}

// isFile reports whether t is *os.File.
func isFile(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && fate.IsNamed(p.Elem(), "os", "File")
}

// mayBeClosed reports whether the file in v may be closed after the call open
// and before the call use.
//
//	f, err := os.Open(p)
//	defer f.Close()         // at the end
//	if bad {
//		f.Close()           // on the way out
//		return errBad
//	}
//	os.Stat(p)              // is open here
func (s *Site) mayBeClosed(body ast.Node, v *types.Var, open, use *Call) bool {
	closed := false
	ast.PreorderStack(body, nil, func(n ast.Node, outer []ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || s.info.Uses[id] != types.Object(v) || id.Pos() <= open.End() || id.Pos() >= use.Pos() {
			return true
		}
		if stack := append(outer, n); !s.keepsOpen(stack) && !endsBefore(stack, use) {
			closed = true
		}
		return true
	})
	return closed
}

// keepsOpen reports whether a use of a file, the last of the nodes, leaves it
// open until the function ends.
//
//	defer f.Close()
//	f.Write(data); io.Copy(f, r); f != nil
//
// It may be closed, here or by another function:
//
//	f.Close()
//	finish(f)
func (s *Site) keepsOpen(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.DeferStmt:
			return true
		case *ast.SelectorExpr:
			if i != len(stack)-2 {
				continue
			}
			call, ok := stack[i-1].(*ast.CallExpr)
			return ok && call.Fun == ast.Expr(n) && n.Sel.Name != "Close" || s.deferred(stack)
		case *ast.CallExpr:
			return i == len(stack)-2 && streams(s.callee(n)) || s.deferred(stack)
		case *ast.BinaryExpr:
			return n.Op == token.EQL || n.Op == token.NEQ
		case ast.Stmt:
			return s.deferred(stack)
		}
	}
	return false
}

// deferred reports whether the last of the nodes runs when the function ends.
func (s *Site) deferred(stack []ast.Node) bool {
	for i := len(stack) - 1; i >= 0; i-- {
		if _, ok := stack[i].(*ast.DeferStmt); ok {
			return true
		}
	}
	return false
}

// streams reports whether a function only reads from or writes to what it is
// given, as those of these packages do, and never closes it.
func streams(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	p := fn.Pkg().Path()
	switch root, _, _ := strings.Cut(p, "/"); root {
	case "io", "bufio", "fmt", "encoding", "compress", "hash", "archive", "image", "bytes", "strings":
		return true
	}
	return p == "text/tabwriter" || p == "text/template" || p == "html/template"
}

// OnlyClosed reports whether nothing is done with the file that a call opens
// but to close it.
func (s *Site) OnlyClosed(c *Call) bool {
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || len(assign.Lhs) != 2 {
		return false
	}
	v := s.object(assign.Lhs[0])
	if v == nil || c.Declaration() == nil || assign.Tok != token.DEFINE {
		return false
	}
	only := true
	ast.PreorderStack(c.Declaration(), nil, func(n ast.Node, outer []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.info.Uses[id] == v {
			sel, ok := outer[len(outer)-1].(*ast.SelectorExpr)
			only = only && ok && sel.Sel.Name == "Close"
		}
		return true
	})
	return only
}
