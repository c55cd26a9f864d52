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

// functionType returns the type of the innermost function.
func functionType(outer []ast.Node) *ast.FuncType {
	for _, n := range outer {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n.Type
		case *ast.FuncDecl:
			return n.Type
		}
	}
	return nil
}

func (s *Site) isErrorType(e ast.Expr) bool {
	return types.Identical(s.info.TypeOf(e), types.Universe.Lookup("error").Type())
}

func leavesByReturn(stmts []ast.Stmt) bool {
	if len(stmts) == 0 {
		return false
	}
	ret, ok := stmts[len(stmts)-1].(*ast.ReturnStmt)
	return ok && len(ret.Results) > 0
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

// stagedMethods are the methods that a staged file has in common with an open
// one, Close aside.
var stagedMethods = []string{"Write", "WriteString", "ReadFrom", "Seek", "Name", "Chmod"}

// uses reports whether each use of the file, and of the writers on top of it,
// is one that a staged file allows.
func (t *staged) uses() bool {
	ok := true
	t.inspect(func(n ast.Node, stack []ast.Node) {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.LabeledStmt:
			ok = false
		case *ast.BranchStmt:
			ok = ok && n.Tok != token.GOTO
		case *ast.Ident:
			v, _ := t.s.info.Uses[n].(*types.Var)
			if v == t.file {
				ok = ok && t.use(stack)
			} else if t.derived[v] {
				ok = ok && t.useOfDerived(stack)
			}
		}
	})
	return ok
}

// use judges one use of the file, the last of the nodes.
func (t *staged) use(stack []ast.Node) bool {
	if len(stack) < 3 {
		return false
	}
	deferred, literal := around[*ast.DeferStmt](stack), around[*ast.FuncLit](stack)
	switch parent := stack[len(stack)-2].(type) {
	case *ast.SelectorExpr:
		call, ok := stack[len(stack)-3].(*ast.CallExpr)
		switch {
		case !ok || call.Fun != ast.Expr(parent):
			return false
		case parent.Sel.Name == "Close" && deferred:
			t.deferClose = true
			return true
		case deferred || literal:
			return false
		case parent.Sel.Name == "Close", parent.Sel.Name == "Sync":
			return true // judged by commit
		}
		return slices.Contains(stagedMethods, parent.Sel.Name)
	case *ast.CallExpr:
		if deferred {
			t.deferClose = true
			return !literal && t.takesInterface(parent, stack[len(stack)-1])
		}
		return !literal && t.takesInterface(parent, stack[len(stack)-1]) && t.derives(parent, stack[:len(stack)-2])
	}
	return false
}

// around reports whether one of the nodes is a T.
func around[T ast.Node](stack []ast.Node) bool {
	return slices.ContainsFunc(stack, func(n ast.Node) bool { _, ok := n.(T); return ok })
}

// takesInterface reports whether an argument of a call is taken as an
// interface with methods, which the staged file may have, too.
func (t *staged) takesInterface(call *ast.CallExpr, arg ast.Node) bool {
	sig, ok := t.s.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return false
	}
	for i, a := range call.Args {
		if ast.Node(a) == arg && i < sig.Params().Len() && !(sig.Variadic() && i == sig.Params().Len()-1) {
			iface, ok := sig.Params().At(i).Type().Underlying().(*types.Interface)
			return ok && iface.NumMethods() > 0
		}
	}
	return false
}

// derives notes what a call that was given the file yields: a writer on top of
// it must be in a variable of the region, or be used on the spot.
func (t *staged) derives(call *ast.CallExpr, outer []ast.Node) bool {
	if !t.holds(t.s.info.TypeOf(call)) {
		return true
	}
	switch parent := outer[len(outer)-1].(type) {
	case *ast.SelectorExpr:
		return true // json.NewEncoder(f).Encode(x)
	case *ast.AssignStmt:
		if parent.Tok != token.DEFINE || len(parent.Rhs) != 1 || parent.Rhs[0] != ast.Expr(call) {
			return false
		}
		for _, lhs := range parent.Lhs {
			if v := t.s.object(lhs); v != nil && t.holds(v.Type()) {
				t.derived[v] = true
			}
		}
		return true
	case *ast.CallExpr:
		return t.derives(parent, outer[:len(outer)-1])
	}
	return false
}

// holds reports whether a value of the type may hold on to a writer.
func (t *staged) holds(typ types.Type) bool {
	switch u := typ.(type) {
	case *types.Tuple:
		for v := range u.Variables() {
			if t.holds(v.Type()) {
				return true
			}
		}
		return false
	case nil:
		return false
	}
	if types.Identical(typ, types.Universe.Lookup("error").Type()) {
		return false
	}
	_, basic := typ.Underlying().(*types.Basic)
	return !basic
}

// useOfDerived judges one use of a writer on top of the file: what runs when
// the function ends would write after the commit.
func (t *staged) useOfDerived(stack []ast.Node) bool {
	if around[*ast.DeferStmt](stack) || around[*ast.FuncLit](stack) || len(stack) < 3 {
		return false
	}
	switch parent := stack[len(stack)-2].(type) {
	case *ast.SelectorExpr:
		call, ok := stack[len(stack)-3].(*ast.CallExpr)
		return ok && call.Fun == ast.Expr(parent)
	case *ast.CallExpr:
		return t.derives(parent, stack[:len(stack)-2])
	}
	return false
}
