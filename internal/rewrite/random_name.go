package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"go/version"
	"strings"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
)

// RandomName gives a temporary file a name that no other user can predict and that no other
// process uses, and removes the file if the program fails before it renames it:
//
//	tmp := p + ".tmp" // p + "-" + rand.Text() + ".tmp"
//	if err := os.WriteFile(tmp, data, 0o600); err != nil {
//		return err
//	}
//	defer os.Remove(tmp) // new, if nothing removes it: after the rename nothing has the name
//	return os.Rename(tmp, p)
//
// There is no plan where the name leaves the function, or where what has it is neither
// renamed nor removed there: others may look for it.
func (s *Site) RandomName() (*Plan, fix.Refusal) {
	c := s.Direct(s.Finding.Use)
	if c == nil || c.Declaration() == nil {
		return nil, Indirect
	}
	if v := s.pass.Pkg.GoVersion(); v != "" && version.Compare(v, "go1.24") < 0 {
		return nil, "the fix needs crypto/rand.Text of Go 1.24"
	}
	name := s.object(c.Args[0])
	if name == nil || name.IsField() || name.Parent() == s.pass.Pkg.Scope() {
		return nil, "the name of the temporary file is not in a variable of the function"
	}
	def := s.definition(c.Declaration(), name)
	if def == nil || len(def.Rhs) != 1 || !s.assignedOnce(c.Declaration(), name, def) || functionOf(s.Enclosing(def.Pos())) != c.Function() {
		return nil, "the name of the temporary file is not assigned exactly once, in this function"
	}
	if !s.staysInside(c.Declaration(), name) {
		return nil, "the name of the temporary file leaves the function, so other code may use it"
	}
	if !s.ends(c) {
		return nil, "the temporary file is neither renamed nor removed in this function, so other code may use it"
	}
	p := s.plan()
	if !p.randomize(def.Rhs[0]) {
		return nil, "the name of the temporary file does not end in a constant"
	}
	return p.removeLater(c, name, "")
}

// ends reports whether the function renames or removes what a call creates.
func (s *Site) ends(c *Call) bool {
	for _, op := range s.others(c.End(), c.Declaration().End()) {
		if op.Effect == fsapi.Move || op.Effect == fsapi.Remove {
			return true
		}
	}
	return false
}

// randomize puts a random part into the expression of a name that ends in a constant, and
// reports whether it does:
//
//	p + ".tmp"                   // p + "-" + rand.Text() + ".tmp"
//	filepath.Join(dir, "x.tmp")  // filepath.Join(dir, rand.Text()+"-x.tmp")
func (p *Plan) randomize(name ast.Expr) bool {
	switch x := ast.Unparen(name).(type) {
	case *ast.BinaryExpr:
		lit, ok := x.Y.(*ast.BasicLit)
		if !ok || x.Op != token.ADD || lit.Kind != token.STRING {
			return false
		}
		p.Insert(lit.Pos(), `"-" + `+p.Use("crypto/rand", "Text", lit.Pos())+"() + ")
		return true
	case *ast.CallExpr:
		fn := p.s.callee(x)
		if fn == nil || !fsapi.Lookup(fn.FullName()).Has(fsapi.Joins) || len(x.Args) < 2 {
			return false
		}
		last := x.Args[len(x.Args)-1]
		v := p.s.info.Types[last].Value
		if lit, ok := last.(*ast.BasicLit); !ok || v == nil || strings.ContainsAny(constant.StringVal(v), `/\`) || !strings.HasPrefix(lit.Value, `"`) {
			return false
		}
		p.Replace(last, p.Use("crypto/rand", "Text", last.Pos())+`()+"-`+p.Text(last)[1:])
		return true
	}
	return false
}

// staysInside reports whether a path in a variable goes only to functions of the standard
// library, which do not pass it to any other code.
func (s *Site) staysInside(body ast.Node, name *types.Var) bool {
	inside := true
	ast.PreorderStack(body, nil, func(n ast.Node, outer []ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && s.info.Uses[id] == types.Object(name) {
			call, ok := outer[len(outer)-1].(*ast.CallExpr)
			inside = inside && ok && s.ofStandard(call)
		}
		return true
	})
	return inside
}

// ofStandard reports whether a call is of a function of the standard library that does
// something to a path, or puts it into words.
func (s *Site) ofStandard(call *ast.CallExpr) bool {
	fn := s.callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "os", "io/ioutil", "fmt", "log", "log/slog", "errors":
		return fn.Signature().Recv() == nil
	}
	return false
}
