package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// MetadataOfHandle queries the file that open has opened, instead of a function of the
// package that queries its path:
//
//	func size(p string) (int64, error) {
//		fi, err := os.Stat(p)
//		if err != nil {
//			return 0, err
//		}
//		return fi.Size(), nil
//	}
//
//	n, err := size(p) // info, err := f.Stat()
//	if err != nil {
//		return err
//	}
//	                  // n := info.Size()
//
// There is no plan where the function does anything else, such as to wrap the error. It
// also returns the title of the fix.
func (s *Site) MetadataOfHandle(open, use *pathops.Op) (*Plan, string, fix.Refusal) {
	c, opener := s.Call(use), s.Call(open)
	if c == nil || opener == nil || use.Via == nil || use.Via.Pkg() != s.pass.Pkg {
		return nil, "", Indirect
	}
	result, info := s.metadataOf(use.Via)
	if result == nil || len(c.Args) != 1 {
		return nil, "", "the called function does more than return a part of the metadata"
	}
	h := s.Handling(c)
	if h == nil || h.If == nil || !s.opensInto(h) {
		return nil, "", Unhandled
	}
	n := s.object(h.Assign.Lhs[0])
	if n == nil || s.mentions(h.If, n) {
		return nil, "", "the other results of the function are used where its error is handled"
	}
	file := s.Handle(open, c)
	if file == "" {
		return nil, "", "the open file is not certainly in a variable here"
	}
	if s.calls(c.Args[0]) || !s.Undisturbed(c.Declaration(), c.Args[0], opener.End(), c.Pos()) {
		return nil, "", OtherChange
	}
	name := s.freshName(c.Pos(), "info", "fi", "stat")
	if name == "" {
		return nil, "", "no variable name is free"
	}
	tok := " = "
	if id := h.Assign.Lhs[0].(*ast.Ident); s.info.Defs[id] != nil {
		tok = " := "
	}
	p, indent := s.plan(), s.Indent(h.Assign.Pos())
	p.Replace(h.Assign.Lhs[0], name)
	p.Replace(c.CallExpr, file+".Stat()")
	text := strings.Replace(types.ExprString(result), info+".", name+".", 1)
	p.AfterLine(h.If.End(), indent+n.Name()+tok+text+"\n")
	p, why := p.done()
	return p, "Replace " + s.Text(c.Fun) + " with Stat of the open file", why
}

// metadataOf returns what a function returns of the metadata of the path that is its only
// parameter, and the name of the metadata in that; nil if it does anything else.
//
//	func size(p string) (int64, error) {
//		fi, err := os.Stat(p)
//		if err != nil {
//			return 0, err
//		}
//		return fi.Size(), nil // fi.Size() and fi
//	}
func (s *Site) metadataOf(fn *types.Func) (result ast.Expr, info string) {
	decl := s.declaration(fn)
	if decl == nil || decl.Body == nil || len(decl.Body.List) != 3 || fn.Signature().Params().Len() != 1 || fn.Signature().Recv() != nil {
		return nil, ""
	}
	assign, ok := decl.Body.List[0].(*ast.AssignStmt)
	n, isIf := decl.Body.List[1].(*ast.IfStmt)
	ret, returns := decl.Body.List[2].(*ast.ReturnStmt)
	if !ok || !isIf || !returns || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 || len(ret.Results) != 2 {
		return nil, ""
	}
	stat, ok := assign.Rhs[0].(*ast.CallExpr)
	fi, err := s.object(assign.Lhs[0]), s.object(assign.Lhs[1])
	if !ok || fi == nil || err == nil || !s.statsParameter(stat, fn) || !s.isNil(ret.Results[1]) {
		return nil, ""
	}
	if n.Init != nil || n.Else != nil || len(n.Body.List) != 1 || !s.testsNil(n.Cond, err, token.NEQ) {
		return nil, ""
	}
	failed, ok := n.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(failed.Results) != 2 || s.object(failed.Results[1]) != err {
		return nil, ""
	}
	call, ok := ret.Results[0].(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return nil, ""
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	method := s.callee(call)
	if !ok || method == nil || s.object(sel.X) != fi || !ofMetadata(method) {
		return nil, ""
	}
	return call, fi.Name()
}

// statsParameter reports whether a call is os.Stat of the only parameter of a function.
func (s *Site) statsParameter(call *ast.CallExpr, fn *types.Func) bool {
	callee := s.callee(call)
	return callee != nil && callee.FullName() == "os.Stat" && s.object(call.Args[0]) == fn.Signature().Params().At(0)
}
