package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// staged is the rewrite of a file that is created, written and closed into one
// that is staged and committed.
type staged struct {
	s        *Site
	create   *Call
	h        *Handling
	file     *types.Var
	sig      *ast.FuncType
	handling ast.Stmt   // of the creation's error
	region   []ast.Stmt // what follows that
	handed   bool       // errors are handed to functions that may return: there is no way out before the close
	inner    bool       // the region is not the end of the function

	derived    map[*types.Var]bool // writers on top of the file
	deferClose bool                // some deferred call closes the file
	quiet      bool                // the function returns no error
	dropped    []ast.Stmt          // what is taken out
	closed     token.Pos           // where the file is closed in the course of the region, or NoPos
	written    token.Pos           // after what it is committed, whatever comes then, or NoPos
	exists     *Block              // what is done if something is there when it is committed, or nil
}

// Staged has a call create a staged file by the function of the helper, and
// commits it on each successful way out. It reports whether it could: where
// the file goes anywhere else, or its path is used before it is closed, it
// cannot. The edits of the call's own arguments are the caller's.
func (s *Site) Staged(c *Call, function string) bool {
	return s.staged(c, function, nil)
}

// Exclusive has a file that a call creates staged, so that it is never seen
// half-written, and published only if nothing is there by then: exists is what is
// done otherwise.
func (s *Site) Exclusive(c *Call, exists *Block) bool {
	switch {
	case c.Name == "os.Create" && s.staged(c, "CreateExcl", exists):
		s.AppendArgs(c, "0o666")
	case c.Name == "os.OpenFile" && s.truncatesOnly(c.Args[1]) && s.staged(c, "CreateExcl", exists):
		s.ReplaceRange(c.Args[0].End(), c.Args[1].End(), "")
	default:
		return false
	}
	return true
}

// staged is Staged for a file that may be there by the time that it is
// committed: the statements of exists, if not nil, are what is done then.
func (s *Site) staged(c *Call, function string, exists *Block) bool {
	t := s.newStaged(c)
	if t == nil || !t.pathLeftAlone() || !t.uses() {
		return false
	}
	if exists != nil && t.meansSame(exists) {
		t.exists = exists
	}
	s.ReplaceFunc(c, s.Helper, function)
	if !t.commit() {
		return false
	}
	if !t.deferClose {
		indent := s.Indent(t.h.Assign.Pos())
		s.AfterLine(t.handling.End(), indent+"defer "+t.file.Name()+".Close()\n")
	}
	return true
}

func (s *Site) newStaged(c *Call) *staged {
	h := s.Handling(c)
	if s.Helper == "" || h == nil || h.Init || len(h.Assign.Lhs) != 2 || loop(c.Outer) != nil {
		return nil
	}
	id, ok := h.Assign.Lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	file, ok := s.info.Defs[id].(*types.Var)
	if !ok {
		return nil // its type is written somewhere
	}
	sig := functionType(c.Outer)
	if sig == nil {
		return nil
	}
	stmts, i := list(h.Assign, c.Outer)
	if i < 0 || i+2 >= len(stmts) {
		return nil
	}
	t := &staged{s: s, create: c, h: h, file: file, sig: sig, handling: stmts[i+1], region: stmts[i+2:], derived: make(map[*types.Var]bool)}
	t.inner = !leaves(t.region)
	t.quiet = sig.Results == nil || !s.isErrorType(sig.Results.List[len(sig.Results.List)-1].Type)
	t.handed = s.handsOn(t.handling, h.Err)
	if !t.handed && (h.If == nil || h.If.Else != nil || len(h.If.Body.List) > maxMoved || !t.leavesFailing(h.If.Body.List)) || t.quiet && t.exits() {
		return nil
	}
	return t
}

// meansSame reports whether the names in a block mean throughout the region what
// they mean at the creation.
func (t *staged) meansSame(b *Block) bool {
	same := true
	for _, stmt := range b.stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				same = false
			case *ast.Ident:
				if t.s.Renamed(n) {
					break
				}
				v, isVar := t.s.info.Uses[n].(*types.Var)
				same = same && !(isVar && !v.IsField() && t.s.assignedBetween(t.create.Function(), v, t.pos(), t.end())) && !t.declares(n.Name)
			}
			return same
		})
	}
	return same && b.stmts != nil
}

// declares reports whether the region gives a name another meaning.
func (t *staged) declares(name string) bool {
	found := false
	t.inspect(func(n ast.Node, _ []ast.Node) {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name && t.s.info.Defs[id] != nil
	})
	return found
}

// handsOn reports whether a statement does nothing but to call a function with
// an error.
func (s *Site) handsOn(stmt ast.Stmt, err *types.Var) bool {
	x, ok := stmt.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	return ok && slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return s.object(arg) == err })
}

// leavesFailing reports whether statements end in one that leaves the function
// as after a failure.
func (t *staged) leavesFailing(stmts []ast.Stmt) bool {
	if !t.quiet {
		return leavesByReturn(stmts)
	}
	if len(stmts) == 0 {
		return false
	}
	_, ok := stmts[len(stmts)-1].(*ast.ReturnStmt)
	return ok
}

// exits reports whether the region may end the program, which would leave what
// is staged behind, or names its results, which a return need not.
func (t *staged) exits() bool {
	found := t.sig.Results != nil && t.sig.Results.List[0].Names != nil
	t.inspect(func(n ast.Node, _ []ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok && neverReturns(call) {
			found = true
		}
	})
	return found
}

func (t *staged) pos() token.Pos { return t.region[0].Pos() }

func (t *staged) end() token.Pos { return t.region[len(t.region)-1].End() }

// pathLeftAlone reports whether nothing uses the path while the file is
// staged, but to remove it after a failure.
func (t *staged) pathLeftAlone() bool {
	for _, op := range t.s.others(t.pos(), t.end()) {
		if op.Effect != fsapi.Remove {
			return false
		}
	}
	text := t.s.Text(t.create.Args[0])
	alone := true
	t.inspect(func(n ast.Node, _ []ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return
		}
		for _, arg := range call.Args {
			if t.s.Text(arg) == text && !t.s.harmless(call) && !t.removes(call) {
				alone = false
			}
		}
	})
	return alone
}

func (t *staged) removes(call *ast.CallExpr) bool {
	fn := t.s.callee(call)
	return fn != nil && fn.FullName() == "os.Remove"
}

// inspect visits the nodes of the region, each with those around it.
func (t *staged) inspect(visit func(n ast.Node, stack []ast.Node)) {
	var stack []ast.Node
	for _, stmt := range t.region {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			visit(n, stack)
			return true
		})
	}
}
