package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/edcacfbd/toctou/internal/fix"
)

// object returns the variable that an expression names, or nil.
func (s *Site) object(e ast.Expr) *types.Var {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil
	}
	v, _ := s.info.ObjectOf(id).(*types.Var)
	return v
}

// lookup returns what name means at pos.
func (s *Site) lookup(name string, pos token.Pos) types.Object {
	return fix.Lookup(s.pass.Pkg, name, pos)
}

// foreign reports whether an object is another package's, so that its name is
// qualified.
func (s *Site) foreign(obj types.Object) bool {
	_, isImport := obj.(*types.PkgName)
	return !isImport && obj.Pkg() != nil && obj.Pkg() != s.pass.Pkg
}

// mentions reports whether n names a variable.
func (s *Site) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && s.info.Uses[id] == types.Object(v)
		return !found
	})
	return found
}

// names reports whether n contains an identifier of the name.
func (s *Site) names(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// freshName returns the first of some names that means nothing at pos, nor in
// the innermost scope there.
func (s *Site) freshName(pos token.Pos, names ...string) string {
	scope := s.pass.Pkg.Scope().Innermost(pos)
	for _, name := range names {
		if scope != nil && scope.Lookup(name) == nil && s.lookup(name, pos) == nil {
			return name
		}
	}
	return ""
}

// nameFor returns a name for a value of type t that a call returns.
func (s *Site) nameFor(t types.Type, c *Call) string {
	if isFile(t) {
		return s.freshName(c.Pos(), "f", "file")
	}
	if slice, ok := t.Underlying().(*types.Slice); ok && types.Identical(slice.Elem(), types.Typ[types.Byte]) {
		return s.freshName(c.Pos(), "data", "content")
	}
	return s.freshName(c.Pos(), "result", "value")
}
