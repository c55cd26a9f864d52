package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fix"
)

// staged is the rewrite of a file that is created, written and closed into one
// that is staged and committed.
type staged struct {
	s        *Site
	p        *Plan
	create   *Call
	h        *Handling
	file     *types.Var
	sig      *ast.FuncType
	handling ast.Stmt   // of the creation's error
	region   []ast.Stmt // what follows that
	handed   bool       // errors are passed to functions that may return: there is no exit before the close
	inner    bool       // the region is not the end of the function

	derived       map[*types.Var]bool // writers on top of the file
	deferClose    bool                // some deferred call closes the file
	quiet         bool                // the function returns no error
	dropped       []ast.Stmt          // what is taken out
	mode          ast.Expr            // that is set by the path in the end, or nil
	taken         []*ast.CallExpr     // the calls with the path among that
	closed        token.Pos           // where the file is closed in the course of the region, or NoPos
	leavesAtClose bool                // the program leaves where closing fails
	written       token.Pos           // after what it is committed, whatever comes then, or NoPos
	exists        *Block              // what is done if something is there when it is committed, or nil
}

// StageAndCommit has a call create a staged file by the helper, and commits it on
// each successful way out:
//
//	f, err := os.Create(p) // atomicfix.Create(p)
//	if err != nil {
//		return err
//	}
//	defer f.Close() // removes what was not committed
//	if _, err := f.Write(data); err != nil {
//		return err
//	}
//	return nil // return f.Commit()
//
// There is no plan where the file goes anywhere else (into a field, a channel, a
// function that takes an *os.File), or where its path is used before it is closed. It
// also returns which function of the helper is called.
func (s *Site) StageAndCommit(c *Call) (*Plan, string, fix.Refusal) {
	perm := ""
	switch c.Name {
	case "os.Create":
	case "os.OpenFile":
		if !s.truncatesOnly(c.Args[1]) {
			return nil, "", "the flags of the open differ from those of os.Create"
		}
		perm = s.Text(c.Args[2])
	default:
		return nil, "", NoRewrite
	}
	t, why := s.staged(c, nil, true)
	if why != "" {
		return nil, "", why
	}
	function, args := "Create", ""
	switch {
	case t.mode != nil:
		function, args = "CreateMode", ", "+t.p.Copy(t.mode)
	case perm != "" && !s.IsConstant(c.Args[2], 0o666):
		function, args = "CreatePerm", ", "+t.p.Copy(c.Args[2])
	}
	t.p.ReplaceFunc(c, s.Helper, function)
	switch {
	case perm != "":
		t.p.ReplaceRange(c.Args[0].End(), c.Args[2].End(), args)
	case args != "":
		t.p.AppendArgs(c, args[len(", "):])
	}
	p, why := t.p.done()
	return p, function, why
}

// StageExclusively has a file that a call creates staged, so that it is never seen
// half-written, and published only if nothing is there by then: exists is what is
// done otherwise.
//
//	f, err := os.Create(p) // atomicfix.CreateExcl(p, 0o666)
//	...
//	return f.Commit()
func (s *Site) StageExclusively(c *Call, exists *Block) (*Plan, fix.Refusal) {
	if c.Name != "os.Create" && (c.Name != "os.OpenFile" || !s.truncatesOnly(c.Args[1])) {
		return nil, NoRewrite
	}
	t, why := s.staged(c, exists, false)
	if why != "" {
		return nil, why
	}
	t.p.ReplaceFunc(c, s.Helper, "CreateExcl")
	if c.Name == "os.Create" {
		t.p.AppendArgs(c, "0o666")
	} else {
		t.p.ReplaceRange(c.Args[0].End(), c.Args[1].End(), "")
	}
	return t.p.done()
}

// staged stages a file that may be there by the time that it is committed: the
// statements of exists, if not nil, are what is done then. The edits of the call's
// own function and arguments are the caller's.
func (s *Site) staged(c *Call, exists *Block, withMode bool) (*staged, fix.Refusal) {
	t, why := s.newStaged(c)
	switch {
	case why != "":
		return nil, why
	case !t.dropRemovals():
		return nil, removesOld
	case !t.uses():
		return nil, "the file is passed to code that may keep it, or may need an *os.File"
	}
	if exists != nil && !t.meansSame(exists) {
		return nil, NoBranch
	}
	t.exists = exists
	if withMode {
		t.takeMode()
	}
	if !t.commit() {
		return nil, "it is not certain at which exits of the function the file is complete"
	}
	if !t.pathLeftAlone() {
		return nil, "the path is used again before the file is closed"
	}
	if !t.deferClose {
		t.p.AfterLine(t.handling.End(), s.Indent(t.h.Assign.Pos())+"defer "+t.file.Name()+".Close()\n")
	}
	return t, t.p.Refused()
}

func (s *Site) newStaged(c *Call) (*staged, fix.Refusal) {
	if s.Helper == "" {
		return nil, NoHelper
	}
	h := s.Handling(c)
	inIf := h != nil && h.Init && h.Assign.Tok == token.DEFINE // known in the if alone
	if h == nil || inIf || len(h.Assign.Lhs) != 2 {
		return nil, "the file and the error of its creation are not assigned to two variables that are known below"
	}
	if loop(c.Outer) != nil {
		return nil, "the file is created in a loop, where deferred calls pile up"
	}
	id, ok := h.Assign.Lhs[0].(*ast.Ident)
	if !ok {
		return nil, "the file is stored in a field, or used by other functions"
	}
	handling, region := s.below(c, h)
	sig := functionType(c.Outer)
	if sig == nil || len(region) == 0 {
		return nil, "nothing is written to the file in this function"
	}
	t := &staged{s: s, p: s.plan(), create: c, h: h, sig: sig, handling: handling, region: region, derived: make(map[*types.Var]bool)}
	if t.file, ok = s.info.Defs[id].(*types.Var); !ok && !t.declaredApart(id) {
		return nil, "the variable of the file is declared elsewhere, and not for this file alone"
	}
	t.inner = !leaves(t.region)
	t.quiet = sig.Results == nil || !s.isErrorType(sig.Results.List[len(sig.Results.List)-1].Type)
	t.handed = s.handsOn(t.handling, h.Err)
	if !t.handed && !t.handledAlone() {
		return nil, Unhandled
	}
	if t.quiet && t.exits() {
		return nil, "the program may exit before the file is committed"
	}
	return t, ""
}

// below returns the statement that handles the error of a creation, and those that follow
// it in its list.
func (s *Site) below(c *Call, h *Handling) (handling ast.Stmt, region []ast.Stmt) {
	if h.Init {
		stmts, i := list(h.If, c.Outer[1:])
		if i < 0 {
			return nil, nil
		}
		return h.If, stmts[i+1:]
	}
	stmts, i := list(h.Assign, c.Outer)
	if i < 0 || i+2 >= len(stmts) {
		return nil, nil
	}
	return stmts[i+1], stmts[i+2:]
}

// declaredApart has the variable of the file, which is declared before the creation, be one
// of a staged file. It reports whether the variable is for that file alone.
//
//	var f io.WriteCloser // *atomicfix.File
//	f, err = os.Create(p)
func (t *staged) declaredApart(id *ast.Ident) bool {
	s, body := t.s, t.create.Function()
	v := s.object(id)
	if v == nil || v.IsField() || !s.assignedOnce(body, v, t.h.Assign) {
		return false
	}
	var declared *ast.ValueSpec
	alone := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if len(n.Names) == 1 && s.info.Defs[n.Names[0]] == types.Object(v) && len(n.Values) == 0 {
				declared = n
			}
		case *ast.Ident:
			if s.info.Uses[n] == types.Object(v) && n != id {
				alone = alone && t.pos() <= n.Pos() && n.End() <= t.end()
			}
		}
		return true
	})
	if declared == nil || declared.Type == nil || !alone {
		return false
	}
	t.file = v
	t.p.Replace(declared.Type, "*"+t.p.Use(s.Helper, "File", declared.Pos()))
	return true
}

// handledAlone reports whether the error of the creation is handled in a few
// statements that leave the function as after a failure.
//
//	f, err := os.Create(p)
//	if err != nil {
//		return fmt.Errorf("create %s: %w", p, err)
//	}
//
//	if err != nil {
//		f = os.Stdout // goes on
//	}
func (t *staged) handledAlone() bool {
	n := t.h.If
	return n != nil && n.Else == nil && len(n.Body.List) <= maxMoved && t.leavesFailing(n.Body.List)
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
				same = same && (b.names[n] != "" || t.keepsMeaning(n))
			}
			return same
		})
	}
	return same && b.stmts != nil
}

// keepsMeaning reports whether an identifier means throughout the region what it
// means at the creation: nothing assigns to it there, or declares its name anew.
func (t *staged) keepsMeaning(id *ast.Ident) bool {
	v, isVar := t.s.info.Uses[id].(*types.Var)
	assigned := isVar && !v.IsField() && t.s.assignedBetween(t.create.Function(), v, t.pos(), t.end())
	return !assigned && !t.declares(id.Name)
}

// declares reports whether the region gives a name another meaning.
func (t *staged) declares(name string) bool {
	found := false
	t.inspect(func(n ast.Node, _ []ast.Node) {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = found || t.s.info.Defs[id] != nil
		}
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

// dropRemovals takes out the removals of the path after a failure: the old file is there
// still, or what another process has created. It reports whether there are no others.
//
//	if _, err := f.Write(data); err != nil {
//		f.Close()
//		os.Remove(p) // goes
//		return err
//	}
func (t *staged) dropRemovals() bool {
	for _, r := range t.s.removals(t.create, t.create.Args[0], t.file.Name()) {
		inRegion := t.pos() <= r.call.Pos() && r.call.End() <= t.end()
		switch {
		case r.deferred() != nil, inRegion && t.s.afterError(r.stack) && t.failing(r.stack):
			t.dropped = append(t.dropped, t.p.dropRemoval(r))
		default:
			return false
		}
		t.taken = append(t.taken, r.call)
	}
	return t.p.Refused() == "" && !t.s.removedByCaller()
}

// pathLeftAlone reports whether nothing uses the path while the file is staged, but the
// removals that are taken out. Below a commit after whose failure the program leaves, the
// path is that of the new file:
//
//	if err := f.Commit(); err != nil {
//		return err
//	}
//	return sum(p)
func (t *staged) pathLeftAlone() bool {
	isDropped := func(pos token.Pos) bool {
		return slices.ContainsFunc(t.taken, func(r *ast.CallExpr) bool { return r.Lparen == pos })
	}
	end := t.end()
	switch {
	case t.written != token.NoPos:
		end = t.written
	case t.closed != token.NoPos && t.leavesAtClose:
		end = t.closed
	}
	for _, op := range t.s.others(t.pos(), end) {
		if !isDropped(op.Deep) {
			return false
		}
	}
	text := t.s.Text(t.create.Args[0])
	alone := true
	t.inspect(func(n ast.Node, _ []ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() >= end {
			return
		}
		for _, arg := range call.Args {
			if t.s.Text(arg) == text && !t.s.harmless(call) && !isDropped(call.Lparen) {
				alone = false
			}
		}
	})
	return alone
}

// inspect visits the nodes of the region, each with those around it, of which it is the
// last.
func (t *staged) inspect(visit func(n ast.Node, stack []ast.Node)) {
	for _, stmt := range t.region {
		ast.PreorderStack(stmt, nil, func(n ast.Node, outer []ast.Node) bool {
			visit(n, append(outer, n))
			return true
		})
	}
}
