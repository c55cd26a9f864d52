package rewrite

import (
	"go/ast"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// Looking returns a call that makes a directory as one after whose failure the
// program looks whether there is one, nil if it cannot. Where the check follows
// links the error does not tell: a link that leads nowhere, which the check
// finds absent, is one that the call finds in its way.
func (s *Site) Looking(check *pathops.Op, c *Call) *Call {
	if check.Row.Has(fsapi.NoFollow) {
		return c
	}
	h := s.Handling(c)
	if h == nil || h.If == nil || s.calls(c.Args[0]) {
		return nil // also asked after success
	}
	looks := *c
	if c.Name == "os.Mkdir" {
		looks.looks = s.Use("os", "Stat", c.Pos())
		return &looks
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || s.calls(sel.X) {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(s.info.TypeOf(sel.X), true, s.pass.Pkg, "Stat")
	stat, ok := obj.(*types.Func)
	if !ok || !statsLikeOS(stat.Signature()) {
		return nil
	}
	looks.looks = s.Text(sel.X) + ".Stat"
	return &looks
}

// statsLikeOS reports whether a method takes and yields what os.Stat does.
func statsLikeOS(sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	if params.Len() != 1 || !types.Identical(params.At(0).Type(), types.Typ[types.String]) || results.Len() != 2 || !returnsError(results) {
		return false
	}
	info, ok := types.Unalias(results.At(0).Type()).(*types.Named)
	return ok && info.Obj().Pkg() != nil && info.Obj().Pkg().Path() == "io/fs" && info.Obj().Name() == "FileInfo"
}
