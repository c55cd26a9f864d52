package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Handling is what becomes of the error of a call.
type Handling struct {
	Err    *types.Var      // what holds it
	Assign *ast.AssignStmt // the call's
	If     *ast.IfStmt     // if err != nil: with the call in its initialiser, or the next statement
	Init   bool            // the call is in If's initialiser
}

// leaves reports whether an if without an else handles the error, and leaves; h may be
// nil.
//
//	f, err := os.Open(p)
//	if err != nil {
//		return err
//	}
//
//	if err != nil {
//		log.Print(err) // goes on, without a file
//	}
func (h *Handling) leaves() bool {
	return h != nil && h.If != nil && h.If.Else == nil && leaves(h.If.Body.List)
}

// Handling returns how the error of a call is handled, or nil if it is not
// assigned to a variable.
func (s *Site) Handling(c *Call) *Handling {
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || ast.Unparen(assign.Rhs[0]) != ast.Expr(c.CallExpr) {
		return nil
	}
	last := assign.Lhs[len(assign.Lhs)-1]
	h := &Handling{Err: s.object(last), Assign: assign}
	if h.Err == nil || !s.isError(last) {
		return nil
	}
	if n, ok := c.Outer[0].(*ast.IfStmt); ok && n.Init == ast.Stmt(assign) {
		if s.testsNil(n.Cond, h.Err, token.NEQ) {
			h.If, h.Init = n, true
		}
		return h
	}
	if stmts, i := list(assign, c.Outer); i >= 0 && i+1 < len(stmts) {
		if n, ok := stmts[i+1].(*ast.IfStmt); ok && n.Init == nil && s.testsNil(n.Cond, h.Err, token.NEQ) {
			h.If = n
		}
	}
	return h
}

// testsNil reports whether a condition is exactly v != nil, or v == nil.
//
//	err != nil // token.NEQ
//	err == nil // token.EQL
//	err != nil && !ignored, nil != err // no
func (s *Site) testsNil(cond ast.Expr, v *types.Var, op token.Token) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && b.Op == op && s.object(b.X) == v && s.isNil(b.Y)
}

func (s *Site) isNil(e ast.Expr) bool {
	return s.info.Types[e].IsNil()
}

// isError reports whether an expression is of type error.
func (s *Site) isError(e ast.Expr) bool {
	t := s.info.TypeOf(e)
	return t != nil && fate.IsError(t)
}

func (s *Site) isErrorType(e ast.Expr) bool {
	return types.Identical(s.info.TypeOf(e), types.Universe.Lookup("error").Type())
}

// returnsError reports whether the last of the values of a call, whose type is
// t, is an error.
func returnsError(t types.Type) bool {
	if results, ok := t.(*types.Tuple); ok {
		return results.Len() > 0 && fate.IsError(results.At(results.Len()-1).Type())
	}
	return t != nil && fate.IsError(t)
}

// returnsError reports whether an error is handled by `return err` alone.
func (s *Site) returnsError(h *Handling) bool {
	if len(h.If.Body.List) != 1 {
		return false
	}
	ret, ok := h.If.Body.List[0].(*ast.ReturnStmt)
	return ok && len(ret.Results) == 1 && s.object(ret.Results[0]) == h.Err
}

// sameHandling reports whether two errors lead to the same, and out of the
// function.
func (s *Site) sameHandling(h, g *Handling) bool {
	a, b := h.If.Body.List, g.If.Body.List
	return h.Err.Name() == g.Err.Name() && leaves(a) && slices.EqualFunc(a, b, func(x, y ast.Stmt) bool {
		return s.Text(x) == s.Text(y)
	})
}

// onlyHandled reports whether an error is handled where it is tested, and not used after
// that.
//
//	if err := os.Remove(p); err != nil { // err is known in the if alone
//		return err
//	}
//
// and not an error that is returned once more, or a result of the function:
//
//	err := os.Remove(p)
//	if err != nil {
//		log.Print(err)
//	}
//	return err
func (s *Site) onlyHandled(h *Handling) bool {
	if h.If.Else != nil {
		return false
	}
	if h.Init && h.Assign.Tok == token.DEFINE {
		return true
	}
	body := functionOf(s.Enclosing(h.If.Pos()))
	if body == nil || h.Err.Pos() < body.Pos() {
		return false // a result, or a variable of another function
	}
	only := true
	ast.Inspect(body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if ok && s.info.Uses[id] == types.Object(h.Err) && (id.Pos() >= h.If.End() || loop(s.Enclosing(h.If.Pos())) != nil && id.Pos() < h.Assign.Pos()) {
			only = false
		}
		return only
	})
	return only
}

// errorName is what the error of a call is called where a fix looks at it.
type errorName struct {
	name string
	held *types.Var // that has the name; nil if the fix declares it
}

// errorOf returns what the error of a call is called, nil if it is neither
// assigned nor returned.
func (s *Site) errorOf(c *Call) *errorName {
	if h := s.Handling(c); h != nil {
		return &errorName{h.Err.Name(), h.Err}
	}
	if s.returns(c) == nil {
		return nil
	}
	held := s.pass.Pkg.Scope().Innermost(c.Pos()).Lookup("err")
	switch v := held.(type) {
	case nil:
		return &errorName{name: "err"}
	case *types.Var:
		if fate.IsError(v.Type()) {
			return &errorName{"err", v}
		}
	}
	return nil
}

// returns is the statement that returns what a call returns, or nil. What is
// returned before it only computes, so that it may be computed after the call:
//
//	return os.WriteFile(p, data, 0o600)
//	return p, os.WriteFile(p, data, 0o600)
//
// and not
//
//	return next(), os.WriteFile(p, data, 0o600)
func (s *Site) returns(c *Call) *ast.ReturnStmt {
	ret, ok := c.Stmt.(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 || !returnsError(s.info.TypeOf(c.CallExpr)) {
		return nil
	}
	last := len(ret.Results) - 1
	if ret.Results[last] != ast.Expr(c.CallExpr) || slices.ContainsFunc(ret.Results[:last], func(e ast.Expr) bool { return s.calls(e) }) {
		return nil
	}
	if _, i := list(ret, c.Outer); i < 0 {
		return nil
	}
	return ret
}

// says returns what follows the if where the error of a call, which is not nil and
// in the variable err, is the sentinel, and where it is not.
func (p *Plan) says(c *Call, err, sentinel string, pos token.Pos) (yes, no string) {
	if c.stat == nil {
		yes = p.Is(c, err, sentinel, pos)
		return yes, "!" + yes
	}
	info, failed := p.s.freshName(pos, "info", "dir", "found"), p.s.freshName(pos, "statErr", "failed")
	if info == "" || failed == "" {
		p.Fail("no variable name is free")
	}
	look := info + ", " + failed + " := " + c.stat.name(p, pos) + "(" + p.Text(c.Args[0]) + "); "
	yes, no = failed+" == nil && "+info+".IsDir()", failed+" != nil || !"+info+".IsDir()"
	if c.stat.method == "" { // another file system may say it by another error
		is := p.Is(c, err, sentinel, pos)
		yes, no = is+" && "+yes, "!"+is+" || "+no
	}
	return look + yes, look + no
}

// whenSays returns lines that run a body where the error of a call, which may be nil, is the
// sentinel.
func (p *Plan) whenSays(c *Call, err, sentinel string, pos token.Pos, indent string, body func(indent string) string) string {
	if c.stat == nil {
		return indent + "if " + p.Is(c, err, sentinel, pos) + " {\n" + body(indent+"\t") + indent + "}\n"
	}
	failed := err + " != nil"
	if c.stat.method == "" {
		failed = p.Is(c, err, sentinel, pos)
	}
	info, statErr := p.s.freshName(pos, "info", "dir", "found"), p.s.freshName(pos, "statErr", "failed")
	if info == "" || statErr == "" {
		p.Fail("no variable name is free")
	}
	return indent + "if " + failed + " {\n" +
		indent + "\tif " + info + ", " + statErr + " := " + c.stat.name(p, pos) + "(" + p.Text(c.Args[0]) + "); " + statErr + " == nil && " + info + ".IsDir() {\n" +
		body(indent+"\t\t") + indent + "\t}\n" + indent + "}\n"
}

// Is returns a condition: whether err is a sentinel of io/fs. Where the file imports another
// package errors, whose Is may not look into the errors of a call, the functions of os do
// for what os itself returns: os.IsNotExist(err).
//
//	errors.Is(err, fs.ErrNotExist)
//	errors.Is(err, os.ErrNotExist) // where io/fs is not imported, and os is
//	os.IsNotExist(err)
func (p *Plan) Is(c *Call, err, sentinel string, pos token.Pos) string {
	direct := c != nil && strings.HasPrefix(c.Name, "os.")
	if direct && p.ErrorsPackage() == "errors" && p.ErrorsTaken() && p.Imports("os") {
		return p.Use("os", "Is"+strings.TrimPrefix(sentinel, "Err"), pos) + "(" + err + ")"
	}
	pkg := "io/fs"
	if !p.Imports("io/fs") && p.Imports("os") {
		pkg = "os"
	}
	return fmt.Sprintf("%s(%s, %s)", p.Use(p.ErrorsPackage(), "Is", pos), err, p.Use(pkg, sentinel, pos))
}

// opensInto reports whether a call declares two variables, and what handles its error
// follows in a statement of its own and leaves.
func (s *Site) opensInto(h *Handling) bool {
	declares := h.Assign.Tok == token.DEFINE && len(h.Assign.Lhs) == 2
	return declares && !h.Init && h.leaves()
}

// Adjacent reports whether a call is in the statement that follows the one of another
// call, apart from the handling of that call's error.
//
//	err := os.Rename(tmp, p) // first
//	if err != nil {
//		return err
//	}
//	os.Chmod(p, 0o644) // next
//
//	log.Print(p) // where this is in between, it is not adjacent
func (s *Site) Adjacent(first, next *Call) bool {
	last, outer := first.Stmt, first.Outer
	if h := s.Handling(first); h != nil && h.If != nil {
		last = h.If
		if h.Init {
			outer = outer[1:]
		}
	}
	stmts, i := list(last, outer)
	return i >= 0 && i+1 < len(stmts) && stmts[i+1].Pos() <= next.Pos() && next.End() <= stmts[i+1].End()
}

// Along reports whether two calls are in one list of statements, so that the second runs
// after the first unless control leaves the list, and nothing uses the path of the finding
// in between.
//
//	os.WriteFile(p, data, 0o644) // first
//	log.Print(p)
//	os.Chmod(p, mode) // next
//
//	if strict {
//		os.Chmod(p, mode) // runs sometimes
//	}
func (s *Site) Along(first, next *Call) bool {
	return s.listOf(first) != nil && s.listOf(first) == s.listOf(next) &&
		s.Undisturbed(first.Function(), first.Args[0], first.End(), next.Pos()) &&
		!slices.ContainsFunc(s.others(first.End(), next.Pos()), func(op *pathops.Op) bool { return op.Effect != fsapi.Check })
}
