package rewrite

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// visits walks on from an operation, made with the path in a state, and calls
// visit for each instruction after it. It reports whether that is all.
func (s *Site) visits(from *pathops.Op, state fate.State, visit func(ssa.Instruction)) bool {
	started := false
	walk := fate.Walk{
		Know: s.ops.Knowledge(from.Path),
		Visit: func(instr ssa.Instruction, _ fate.State) bool {
			if !started {
				started = true
				return true
			}
			visit(instr)
			return instr != ssa.Instruction(from.Call)
		},
	}
	return !walk.FromCall(from.Call, state).Overflow
}

// Reaches reports whether one operation may come after another that was made
// with the path in a state.
func (s *Site) Reaches(from *pathops.Op, state fate.State, to *pathops.Op) bool {
	reached := false
	all := s.visits(from, state, func(instr ssa.Instruction) {
		reached = reached || instr == ssa.Instruction(to.Call)
	})
	return reached || !all
}

// Ends returns how the function ends if an operation finds the path in a state.
func (s *Site) Ends(op *pathops.Op, state fate.State) fate.Ends {
	walk := fate.Walk{Know: s.ops.Knowledge(op.Path)}
	return walk.FromCall(op.Call, state)
}

// EndsAlike reports whether a success of the function after a check that finds the path
// in a state is the same as one after the use: the same return, or one of no more than a
// nil error.
//
//	if exists(p) { return nil }          // a touch
//	if exists(p) { return errTaken }     // a claim
//	if exists(p) { return false, nil }   // a claim
func (s *Site) EndsAlike(check *pathops.Op, state fate.State, use *pathops.Op) bool {
	found, made := s.Ends(check, state), s.Ends(use, fate.Absent)
	if !found.CanSucceed() {
		return false
	}
	for _, end := range found.All {
		if fails, known := end.Fails(); end.Return == nil || fails && known {
			continue
		}
		same := func(other fate.End) bool { return other.Return == end.Return }
		results := end.Return.Results
		plain := len(results) == 0 || len(results) == 1 && fate.IsError(results[0].Type())
		if !plain && !slices.ContainsFunc(made.All, same) {
			return false
		}
	}
	return true
}

// EndsWithout returns how the function ends if a check finds the path in a
// state, and the use is not reached after that.
func (s *Site) EndsWithout(check *pathops.Op, state fate.State, use *pathops.Op) fate.Ends {
	walk := fate.Walk{
		Know:  s.ops.Knowledge(check.Path),
		Visit: func(instr ssa.Instruction, _ fate.State) bool { return instr != ssa.Instruction(use.Call) },
	}
	return walk.FromCall(check.Call, state)
}

// Fails reports whether a call's error certainly is of a class when the path
// is in a state.
func (s *Site) Fails(op *pathops.Op, state fate.State, class fate.Abs) bool {
	args := make(fate.Tuple, len(op.Call.Common().Args)+1)
	outcomes, known := s.ops.Knowledge(op.Path).Outcomes(op.Call, args, state)
	for _, o := range outcomes {
		if n := len(o.Results); n == 0 || o.Results[n-1] != class {
			return false
		}
	}
	return known && len(outcomes) > 0
}

// results returns the results of a call when the path is in a state, or nil if they are
// not certain.
func (s *Site) results(op *pathops.Op, state fate.State) fate.Tuple {
	args := make(fate.Tuple, len(op.Call.Common().Args)+1)
	outcomes, known := s.ops.Knowledge(op.Path).Outcomes(op.Call, args, state)
	if !known || len(outcomes) != 1 || outcomes[0].Exits {
		return nil
	}
	return outcomes[0].Results
}

// visit is where a program goes after a check that found the path in a state.
type visit struct{ at []token.Pos }

func (s *Site) visited(check *pathops.Op, state fate.State) *visit {
	v := new(visit)
	all := s.visits(check, state, func(instr ssa.Instruction) {
		if instr.Pos().IsValid() {
			v.at = append(v.at, instr.Pos())
		}
	})
	if !all {
		return nil
	}
	return v
}

func (v *visit) enters(pos, end token.Pos) bool {
	for _, at := range v.at {
		if pos <= at && at < end {
			return true
		}
	}
	return false
}

func (v *visit) entersAny(stmts []ast.Stmt) bool {
	return len(stmts) > 0 && v.enters(stmts[0].Pos(), stmts[len(stmts)-1].End())
}

// follow returns the statements that are visited from a branch on, up to one
// that leaves, none if there is no such. It reports whether it is certain.
func (v *visit) follow(branch ast.Stmt, after []ast.Stmt) ([]ast.Stmt, bool) {
	taken, ok := v.branch(branch, after)
	if !ok {
		return nil, false
	}
	if taken != nil {
		body := v.flatten(taken)
		return body, leaves(body)
	}
	out := v.flatten(after)
	if !leaves(out) {
		return nil, true
	}
	return out, true
}

// branch returns the statements of the one branch that is visited, nil if none
// is. It reports whether it is certain.
func (v *visit) branch(n ast.Stmt, after []ast.Stmt) ([]ast.Stmt, bool) {
	switch n := n.(type) {
	case *ast.IfStmt:
		taken, ok := v.taken(n, after)
		if taken == nil || !ok {
			return nil, ok
		}
		return taken.List, true
	case *ast.SwitchStmt:
		var taken []ast.Stmt
		for _, c := range n.Body.List {
			body := c.(*ast.CaseClause).Body
			if !v.entersAny(body) {
				continue
			}
			if taken != nil || breaks(body) {
				return nil, false
			}
			taken = body
		}
		return taken, true
	}
	return nil, false
}

// taken returns the one branch of n that is visited, nil if none is. It
// reports whether it is certain.
//
//	if exists(p) {   // the body, if p is there
//		return nil
//	} else if err != nil {
//		return err
//	}
func (v *visit) taken(n *ast.IfStmt, after []ast.Stmt) (*ast.BlockStmt, bool) {
	in := v.enters(n.Body.Pos(), n.Body.End())
	if !in && isJump(n.Body) && !v.entersAny(after) && (n.Else == nil || !v.enters(n.Else.Pos(), n.Else.End())) {
		in = true // a jump has no instruction with a position
	}
	var other *ast.BlockStmt
	switch els := n.Else.(type) {
	case *ast.BlockStmt:
		if v.enters(els.Pos(), els.End()) {
			other = els
		}
	case *ast.IfStmt:
		var ok bool
		if other, ok = v.taken(els, after); !ok {
			return nil, false
		}
	}
	switch {
	case in && other != nil:
		return nil, false
	case in:
		return n.Body, true
	}
	return other, true
}

// flatten follows statements to the first that leaves, into the branches that
// are certainly taken and past those that are not.
func (v *visit) flatten(stmts []ast.Stmt) []ast.Stmt {
	var out []ast.Stmt
	for i, stmt := range stmts {
		n, ok := stmt.(*ast.IfStmt)
		if ok && n.Init == nil && n.Else == nil {
			taken, _ := v.taken(n, stmts[i+1:])
			if taken == nil {
				continue
			}
			if leaves(taken.List) && !v.entersAny(stmts[i+1:]) {
				return append(out, v.flatten(taken.List)...)
			}
		}
		if out = append(out, stmt); leaves(out) {
			return out
		}
	}
	return out
}

// passes reports whether each way from a check that finds the path in a state to
// the use of the finding leads through a block.
func (s *Site) passes(check *pathops.Op, state fate.State, block *ast.BlockStmt) bool {
	around := false
	walk := fate.Walk{
		Know: s.ops.Knowledge(check.Path),
		Visit: func(instr ssa.Instruction, _ fate.State) bool {
			around = around || instr == ssa.Instruction(s.Finding.Use.Call)
			return instr.Pos() <= block.Lbrace || block.Rbrace <= instr.Pos()
		},
	}
	return !walk.FromCall(check.Call, state).Overflow && !around
}

// avoids reports whether no way from a check that finds the path in a state
// leads into an if.
func (s *Site) avoids(check *pathops.Op, state fate.State, branch *ast.IfStmt) bool {
	v := s.visited(check, state)
	if v == nil {
		return false
	}
	taken, ok := v.taken(branch, nil)
	return ok && taken == nil
}

// maxCallees bounds how deep ErrorIsOfPath looks.
const maxCallees = 4

// ErrorIsOfPath reports whether an error of op about the existence of a file is about the
// path of op: what performs op returns no such error about another path.
func (s *Site) ErrorIsOfPath(op *pathops.Op) bool {
	if op.Via == nil {
		return true
	}
	fn := op.Call.Common().StaticCallee()
	return fn != nil && s.onePath(fn, 0)
}

// onePath reports whether the errors that fn may return are about one path, or about no
// file.
//
//	func read(p string) ([]byte, error) { return os.ReadFile(p) }
//
// and not
//
//	func read(p string) ([]byte, error) { return os.ReadFile(first(p, fallback)) }
func (s *Site) onePath(fn *ssa.Function, depth int) bool {
	f := s.funcOf(fn)
	if f == nil || len(fn.Blocks) == 0 || depth > maxCallees {
		return false
	}
	for _, op := range f.Ops {
		if op.Path != f.Ops[0].Path {
			return false
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !hasErrorResult(call) || f.At(call) != nil && f.At(call)[0].Via == nil {
				continue
			}
			if fn := fspath.Callee(call.Common()); fn != nil && fn.Pkg() != nil && noFiles(fn.Pkg().Path()) {
				continue
			}
			if callee := call.Call.StaticCallee(); callee == nil || !s.onePath(callee, depth+1) {
				return false
			}
		}
	}
	return true
}

// hasErrorResult reports whether a call returns an error among its results.
func hasErrorResult(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	for v := range results.Variables() {
		if fate.IsError(v.Type()) {
			return true
		}
	}
	return false
}

// noFiles reports whether a package of the standard library makes and decodes
// values, and opens no files.
func noFiles(path string) bool {
	switch root, _, _ := strings.Cut(path, "/"); root {
	case "errors", "fmt", "strings", "bytes", "strconv", "bufio", "encoding", "crypto", "hash", "compress", "unicode", "time", "math", "regexp", "unsafe", "sort", "slices", "maps", "html", "text":
		return path != "crypto/tls" && path != "text/template" && path != "html/template"
	}
	return path == "io" || path == "net/url" || path == "net/netip"
}
