package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Block is a list of statements after which control leaves the place where they are.
type Block struct {
	stmts []ast.Stmt
	text  string // instead of stmts: continue or return, where that is implied

	names map[*ast.Ident]string // what some identifiers of stmts become where they are repeated
}

// Len returns how many statements a block has; one that is implied has one.
func (b *Block) Len() int { return max(1, len(b.stmts)) }

// BranchFor returns the statements that run when a check finds the path in a
// state in which the use does not run, up to one that leaves: the old branch
// that a fix repeats at the use. Each of them means the same at the use. The
// result is nil if there is no such list of moderate length.
func (s *Site) BranchFor(check *pathops.Op, state fate.State, use *Call) *Block {
	if use.Caller != nil {
		return s.otherWithin(check, state, use)
	}
	c := s.Call(check)
	if c == nil || c.Function() == nil || c.Function() != use.Function() {
		return nil
	}
	branch, outer := s.branchOn(c)
	if branch == nil {
		return nil
	}
	v := s.visited(check, state)
	if v == nil {
		return nil
	}
	stmts, i := list(branch, outer)
	if i < 0 {
		return nil
	}
	moved, ok := v.follow(branch, stmts[i+1:])
	if !ok {
		return nil
	}
	if moved == nil {
		return implied(stmts, outer, use)
	}
	found := &answer{assign: assignOf(c)}
	found.notExist = state == fate.Absent && s.Fails(check, state, fate.ErrNotExist)
	found.results = s.results(check, state)
	block := &Block{stmts: moved, names: make(map[*ast.Ident]string)}
	if !s.movable(block, c, use, found, outer) {
		return nil
	}
	return block
}

// RefusalFor returns the statements by which the branch of a check refuses what it has
// found, if only on a condition: what has just appeared is refused, too. The result is nil
// if there are none that mean the same at the use.
//
//	if exists(lock) {
//		if !expired(lock) {
//			return errHeld // these
//		}
//	}
func (s *Site) RefusalFor(check *pathops.Op, state fate.State, use *Call) *Block {
	c := s.Call(check)
	if c == nil || c.Function() == nil || c.Function() != use.Function() {
		return nil
	}
	stmt, outer := s.branchOn(c)
	branch, ok := stmt.(*ast.IfStmt)
	if !ok {
		return nil
	}
	for _, stmt := range branch.Body.List {
		inner, ok := stmt.(*ast.IfStmt)
		if !ok || !leavesByReturn(inner.Body.List) {
			continue
		}
		block := &Block{stmts: inner.Body.List, names: make(map[*ast.Ident]string)}
		found := &answer{assign: assignOf(c), results: s.results(check, state)}
		if s.movable(block, c, use, found, outer) {
			return block
		}
	}
	return nil
}

// answer is what a check says when it finds the path in a state.
type answer struct {
	assign   *ast.AssignStmt // of its results, or nil
	results  fate.Tuple      // nil if not known
	notExist bool            // its error is fs.ErrNotExist
}

// literal returns the constant that the result in a variable is, or "".
func (a *answer) literal(s *Site, v *types.Var) string {
	if a.assign == nil || len(a.assign.Rhs) != 1 {
		return ""
	}
	for i, lhs := range a.assign.Lhs {
		if s.object(lhs) != v || i >= len(a.results) {
			continue
		}
		switch a.results[i] {
		case fate.True:
			return "true"
		case fate.False:
			return "false"
		case fate.Nil:
			return "nil"
		}
	}
	return ""
}

// branchOn returns the statement that tests what a check says, an if or a
// switch without a tag, and the nodes around it: the one that the check is
// part of, or the next statement.
func (s *Site) branchOn(c *Call) (ast.Stmt, []ast.Node) {
	if isBranch(c.Stmt) {
		return c.Stmt, c.Outer
	}
	switch n := c.Outer[0].(type) {
	case *ast.IfStmt:
		if n.Init == c.Stmt {
			return n, c.Outer[1:]
		}
	case *ast.SwitchStmt:
		if n.Init == c.Stmt && n.Tag == nil {
			return n, c.Outer[1:]
		}
	}
	if stmts, i := list(c.Stmt, c.Outer); i >= 0 && i+1 < len(stmts) && isBranch(stmts[i+1]) {
		return stmts[i+1], c.Outer
	}
	return nil, nil
}

// implied returns the way out at the end of a list of statements that has
// none: that of the loop or the function that the list is the body of. The use
// must be within the last of them.
func implied(stmts []ast.Stmt, outer []ast.Node, use *Call) *Block {
	last := stmts[len(stmts)-1]
	if use.Pos() < last.Pos() || use.Pos() >= last.End() || len(outer) < 2 {
		return nil
	}
	if _, ok := outer[0].(*ast.BlockStmt); !ok {
		return nil
	}
	switch n := outer[1].(type) {
	case *ast.ForStmt, *ast.RangeStmt:
		if sameLoop(outer, use.Outer) {
			return &Block{text: "continue"}
		}
	case *ast.FuncDecl:
		if n.Type.Results == nil {
			return &Block{text: "return"}
		}
	case *ast.FuncLit:
		if n.Type.Results == nil {
			return &Block{text: "return"}
		}
	}
	return nil
}

// movable reports whether the statements of a block have the same meaning at the use as
// in their place, with the names that it records.
func (s *Site) movable(b *Block, check, use *Call, found *answer, outer []ast.Node) bool {
	stmts := b.stmts
	if len(stmts) == 0 || len(stmts) > maxMoved {
		return false
	}
	if s.Line(stmts[len(stmts)-1].End())-s.Line(stmts[0].Pos()) > maxMovedLines {
		return false
	}
	errs := s.errorOf(use)
	if errs == nil || s.changesPath(stmts) {
		return false
	}
	jumpsMeanSame := sameLoop(outer, use.Outer) && !inSwitch(use.Outer)
	for _, stmt := range stmts {
		ok := true
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BranchStmt:
				ok = ok && endsRound(n) && jumpsMeanSame
			case *ast.DeferStmt, *ast.LabeledStmt:
				ok = false
			case *ast.Ident:
				ok = ok && s.sameMeaning(n, b, check, use, errs, found)
			case *ast.ReturnStmt:
				ok = ok && (len(n.Results) > 0 || s.noResults(use))
			}
			return ok
		})
		if !ok {
			return false
		}
	}
	return true
}

// changesPath reports whether statements do more to the path of the finding than to look
// at it or open it: to repeat that would open another window.
//
//	if !exists(p) {
//		return os.WriteFile(p, defaults, 0o600)
//	}
//
// A function that does so is called once more, with all that is fixed in it:
//
//	if !exists(p) {
//		return create(p)
//	}
func (s *Site) changesPath(stmts []ast.Stmt) bool {
	ops := s.others(stmts[0].Pos(), stmts[len(stmts)-1].End())
	return slices.ContainsFunc(ops, func(op *pathops.Op) bool {
		return op.Via == nil && op.Effect != fsapi.Check && op.Effect != fsapi.Open
	})
}

// sameMeaning reports whether an identifier in one of stmts means at the use
// what it means there. The error of the check may become that of the use.
//
//	if _, err := os.Stat(p); os.IsNotExist(err) {
//		return nil, err // err may become the error of the use; a cfg that is set in between may not
//	}
func (s *Site) sameMeaning(id *ast.Ident, b *Block, check, use *Call, errs *errorName, found *answer) bool {
	obj := s.info.Uses[id]
	if obj == nil || obj.Parent() == nil || obj.Parent() == types.Universe || s.foreign(obj) {
		return true // a definition, a field, a method; or known everywhere
	}
	if b.declares(obj) || s.declaredAnew(b, id, obj) {
		return true
	}
	v, isVar := obj.(*types.Var)
	if isVar && s.assignedBy(check, v) {
		if text := found.literal(s, v); text != "" {
			b.names[id] = text
			return true
		}
		return found.notExist && fate.IsError(v.Type()) && v.Name() == errs.name
	}
	if isVar && v == errs.held {
		return false
	}
	if s.lookup(id.Name, use.at()) != obj {
		return false
	}
	return !isVar || v.Parent() == s.pass.Pkg.Scope() || !s.assignedBetween(use.Declaration(), v, check.End(), use.End())
}

// ReturnsPath reports whether a block returns the path of a call, converted or not: it
// takes it for something else than a path, such as the content itself.
//
//	return []byte(value), nil
//
// What has the path in it, such as &Config{Path: value}, is another thing.
func (s *Site) ReturnsPath(b *Block, c *Call) bool {
	for _, stmt := range b.stmts {
		ret, ok := stmt.(*ast.ReturnStmt)
		if !ok {
			continue
		}
		for _, result := range ret.Results {
			v := s.object(s.unconverted(result))
			if v != nil && slices.ContainsFunc(c.Args, func(arg ast.Expr) bool { return s.object(arg) == v }) {
				return true
			}
		}
	}
	return false
}

// declaredAnew reports whether a statement of a block gives a variable that is declared
// above it its value, by :=, and an identifier is on its left or below it: where the block
// is repeated, in a scope of its own, that declares a new variable.
//
//	func load() (v T, err error) {
//		...
//		data, err := os.ReadFile(p) // the result err here; a new err in the repeated block
//		if err != nil {
func (s *Site) declaredAnew(b *Block, id *ast.Ident, obj types.Object) bool {
	for _, stmt := range b.stmts {
		assign, ok := stmt.(*ast.AssignStmt)
		if !ok || assign.Tok != token.DEFINE {
			continue
		}
		for _, lhs := range assign.Lhs {
			if v := s.object(lhs); v != nil && types.Object(v) == obj {
				return id.Pos() < assign.TokPos && assign.Pos() <= id.Pos() || assign.End() <= id.Pos()
			}
		}
	}
	return false
}

// declares reports whether an object is declared among the statements of a block.
func (b *Block) declares(obj types.Object) bool {
	return b.stmts[0].Pos() <= obj.Pos() && obj.Pos() < b.stmts[len(b.stmts)-1].End()
}
