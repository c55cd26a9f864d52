package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// look is how the program learns whether a directory is there.
type look struct {
	method string // of the file system that makes the directory, as the source names it; "" for os.Stat
}

// name returns what is called at pos.
func (l *look) name(p *Plan, pos token.Pos) string {
	if l.method == "" {
		return p.Use("os", "Stat", pos)
	}
	return l.method
}

// WithStat returns a call that makes a directory as one after whose failure the
// program looks whether there is one, nil if it cannot:
//
//	if err := os.Mkdir(d, 0o700); err != nil {
//		if info, statErr := os.Stat(d); statErr == nil && info.IsDir() {
//
// Where the check follows links, as os.Stat does, the error fs.ErrExist is not
// enough: a link that leads nowhere, which the check finds absent, is one that the
// call finds in its way. After os.Lstat it is.
func (s *Site) WithStat(check *pathops.Op, c *Call) *Call {
	if check.Row.Has(fsapi.NoFollow) {
		return c
	}
	h := s.Handling(c)
	handled := h != nil && (h.If != nil || len(h.Assign.Lhs) == 1) || h == nil && s.returns(c) != nil
	if !handled || s.calls(c.Args[0]) {
		return nil // it would also be looked for after success, or by another name
	}
	with := *c
	if c.Name == "os.Mkdir" {
		with.stat = new(look)
		return &with
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
	with.stat = &look{s.Text(sel.X) + ".Stat"}
	return &with
}

// statsLikeOS reports whether a method has the parameters and results of os.Stat.
//
//	func (fs *memory) Stat(name string) (os.FileInfo, error)
//	func (fs *memory) Stat(name string) (Info, error) // no
func statsLikeOS(sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	if params.Len() != 1 || !types.Identical(params.At(0).Type(), types.Typ[types.String]) || results.Len() != 2 || !returnsError(results) {
		return false
	}
	return fate.IsNamed(results.At(0).Type(), "io/fs", "FileInfo")
}
