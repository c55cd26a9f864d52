// Package rewrite finds the syntax of a finding, and what a fix may assume about it. It is
// between the engine and the fixes of the passes.
package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
)

// Site is one finding in its source. It answers questions; what changes code is
// a Plan.
type Site struct {
	*fix.File
	Finding *race.Finding
	Helper  string // the import path of the helper package, "" if it must not be imported

	pass *analysis.Pass
	info *types.Info
	ops  *pathops.Result
	env  *env.Env
}

// New returns the site of a finding. It returns nil if the finding's file cannot
// be edited, for NoSource.
func New(p *analysis.Pass, e *race.Engine, f *race.Finding) *Site {
	file := fix.Open(p, f.Pos(), e.Env)
	result, ok := p.ResultOf[e.Analyzer].(*race.Result)
	if file == nil || !ok {
		return nil
	}
	return &Site{
		File:    file,
		Finding: f,
		Helper:  fix.Helper(p, e.Settings.Helper),
		pass:    p,
		info:    p.TypesInfo,
		ops:     result.Ops,
		env:     e.Env,
	}
}

// Performed returns the site of the call that performs the finding's use, and that call:
// within a function of the package, or a function literal, that the use is a call of. It
// returns nil if there is none of that form. A fix there is made for all who call the
// function.
//
//	run(func() { os.WriteFile(p, data, 0o600) }) // the use is the call of run
func (s *Site) Performed() (*Site, *Call) {
	deep := s.Finding.Use.Deep
	t := *s
	if !s.InFile(deep) {
		if t.File = fix.Open(s.pass, deep, s.env); t.File == nil {
			return nil, nil
		}
	}
	if c := t.callAt(deep); c != nil && t.namesRow(c, s.Finding.Use) {
		return &t, c
	}
	return nil, nil
}

// Within says why an operation cannot be fixed that a called function performs.
func (s *Site) Within(op *pathops.Op) fix.Refusal {
	switch {
	case op.Via == nil || op.Via.Pkg() == nil:
		return "the operation is called through a variable or an interface: what performs it is elsewhere"
	case op.Via.Pkg() != s.pass.Pkg:
		return "the operation is in " + op.Via.Pkg().Name() + "." + op.Via.Name() + ", of another package, where a fix is for all its callers"
	}
	return "the operation is in " + op.Via.Name() + ", where the result of the check is not known, and a fix is for all its callers"
}

// Call is a call in the source.
type Call struct {
	*ast.CallExpr
	Name  string     // the full name of the function that it names, "" if it names none
	Stmt  ast.Stmt   // the innermost statement that it is part of
	Outer []ast.Node // what is around Stmt, the innermost first

	// Caller is the call of the function that contains the call, if that call is the
	// one of the finding: the check is made there, not here.
	Caller *Call

	above ast.Stmt // the statement above which a fix moves Stmt, or nil
	stat  *look    // how to learn whether a directory has appeared, nil if the error is enough
}

// at returns the position of the call after the fix.
func (c *Call) at() token.Pos {
	if c.above != nil {
		return c.above.Pos()
	}
	return c.Pos()
}

// Call returns the call that performs an operation, or nil if there is none of
// that form.
func (s *Site) Call(op *pathops.Op) *Call {
	if op == nil {
		return nil
	}
	return s.callAt(op.Call.Pos())
}

// callAt returns the call whose opening parenthesis is at pos.
func (s *Site) callAt(pos token.Pos) *Call {
	if !s.InFile(pos) {
		return nil
	}
	nodes := s.Enclosing(pos)
	for i, n := range nodes {
		expr, ok := n.(*ast.CallExpr)
		if !ok || expr.Lparen != pos {
			continue
		}
		c := &Call{CallExpr: expr}
		if fn, ok := typeutil.Callee(s.info, expr).(*types.Func); ok {
			c.Name = fn.FullName()
		}
		for j := i + 1; j < len(nodes); j++ {
			if stmt, ok := nodes[j].(ast.Stmt); ok {
				c.Stmt, c.Outer = stmt, nodes[j+1:]
				return c
			}
		}
	}
	return nil
}

// Direct returns the call that performs an operation if it names the function
// that does so: no wrapper, and no variable.
func (s *Site) Direct(op *pathops.Op) *Call {
	c := s.Call(op)
	if c == nil || op.Via != nil || !s.namesRow(c, op) {
		return nil
	}
	return c
}

// namesRow reports whether a call names the function that performs an
// operation.
func (s *Site) namesRow(c *Call, op *pathops.Op) bool {
	if fn := s.callee(c.CallExpr); c.Name != op.Row.Name && (fn == nil || fspath.HelperRow(nil, fn) != op.Row) {
		return false
	}
	switch fun := c.Fun.(type) {
	case *ast.SelectorExpr:
		return true
	case *ast.Ident: // of a dot import
		fn, ok := s.info.Uses[fun].(*types.Func)
		return ok && fn.Pkg() != s.pass.Pkg
	}
	return false
}

// Function returns the body of the function around a call, a literal's or a
// declaration's.
func (c *Call) Function() *ast.BlockStmt { return functionOf(c.Outer) }

// Declaration returns the body of the declared function around a call.
func (c *Call) Declaration() *ast.BlockStmt {
	for _, n := range c.Outer {
		if n, ok := n.(*ast.FuncDecl); ok {
			return n.Body
		}
	}
	return nil
}

func (c *Call) innermost(s *Site) *types.Scope { return s.pass.Pkg.Scope().Innermost(c.Pos()) }

func (s *Site) funcOf(fn *ssa.Function) *pathops.Func {
	for _, f := range s.ops.Funcs {
		if f.Fn == fn {
			return f
		}
	}
	return nil
}

// HelperName returns how a function of the helper is called in messages.
func (s *Site) HelperName(function string) string {
	return path.Base(s.Helper) + "." + function
}
