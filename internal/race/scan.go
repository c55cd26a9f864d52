package race

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/settings"
)

// scan finds, by the syntax of a package, what can be known without its SSA form, which
// packages that touch no file do not have: they set up the paths of those that do.
type scan struct {
	pass   *analysis.Pass
	table  *fsapi.Table
	shown  *shown
	stores bool // look for stores, too; where there is an SSA form, that is better
}

func (s *scan) run() {
	for _, file := range s.pass.Files {
		if settings.InTest(s.pass.Fset, file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				s.function(fn)
			}
			if s.stores {
				ast.Inspect(decl, s.store)
			}
		}
	}
}

// function records that a function which returns paths uses the time or something random:
// it may return another path each time.
//
//	func Index() string { return filepath.Join(home(), "index.json") }      // does not
//	func Aside() string { return fmt.Sprintf("/tmp/%d", time.Now().Unix()) } // does
func (s *scan) function(decl *ast.FuncDecl) {
	obj, ok := s.pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || !returnsText(obj) {
		return
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if row := s.row(id); row != nil {
			switch row.Gives {
			case fsapi.Clock, fsapi.Random, fsapi.NewFile, fsapi.NewDir, fsapi.NewPath:
				s.shown.varying[obj.FullName()] = true
			}
		}
		return true
	})
}

// returnsText reports whether a function returns a string.
func returnsText(fn *types.Func) bool {
	for v := range fn.Signature().Results().Variables() {
		if isString(v.Type()) {
			return true
		}
	}
	return false
}

// row returns what the table has of the function that an identifier names, or nil.
func (s *scan) row(id *ast.Ident) *fsapi.Func {
	fn, ok := s.pass.TypesInfo.Uses[id].(*types.Func)
	if !ok || fn.Pkg() == nil || !s.table.Names(fn.Pkg().Path()) {
		return nil
	}
	return s.table.Lookup(fn.FullName())
}

// store notes what a statement or an expression stores in a field or a variable.
//
//	&conf.Config{Path: path}
//	c.Path = path
//	flag.StringVar(&c.Path, "config", "", "")
func (s *scan) store(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		s.literal(n)
	case *ast.AssignStmt:
		if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
			for i, to := range n.Lhs {
				s.set(s.object(to), n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == len(n.Values) {
			for i, name := range n.Names {
				if v, ok := s.pass.TypesInfo.Defs[name].(*types.Var); ok {
					s.set(target{v, nil}, n.Values[i])
				}
			}
		}
	case *ast.CallExpr:
		s.call(n)
	}
	return true
}

func (s *scan) literal(lit *ast.CompositeLit) {
	t := s.pass.TypesInfo.TypeOf(lit)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // of an element, whose type is left out
		t = p.Elem()
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if v, ok := s.pass.TypesInfo.Uses[id].(*types.Var); ok {
					s.set(target{v, t}, kv.Value)
				}
			}
		}
	}
}

// call notes the variables that a function has the command line set.
func (s *scan) call(call *ast.CallExpr) {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return
	}
	row := s.row(id)
	if row == nil || row.From != fsapi.Argument {
		return
	}
	for _, arg := range call.Args {
		if addr, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && addr.Op == token.AND {
			if key, _ := s.object(addr.X).key(); key != "" {
				s.shown.from[key] |= fspath.From(fsapi.Argument)
			}
		}
	}
}

// target is a field, with the type that it is of, or a variable.
type target struct {
	v     *types.Var
	owner types.Type
}

// key returns what fields and variables are known by, and whether it is a field.
func (t target) key() (key string, field bool) {
	switch {
	case t.v == nil:
		return "", false
	case !t.v.IsField():
		if t.v.Pkg() == nil || t.v.Parent() != t.v.Pkg().Scope() {
			return "", false
		}
		return t.v.Pkg().Path() + "." + t.v.Name(), false
	case t.owner == nil:
		return "", false
	}
	owner := types.Unalias(t.owner)
	if p, ok := owner.Underlying().(*types.Pointer); ok {
		owner = types.Unalias(p.Elem())
	}
	named, ok := owner.(*types.Named)
	if !ok {
		return "", false
	}
	return types.TypeString(named.Origin(), nil) + "." + t.v.Name(), true
}

// object returns what an expression is the place of.
func (s *scan) object(e ast.Expr) target {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := s.pass.TypesInfo.Uses[e].(*types.Var)
		return target{v, nil}
	case *ast.SelectorExpr:
		v, _ := s.pass.TypesInfo.Uses[e.Sel].(*types.Var)
		return target{v, s.pass.TypesInfo.TypeOf(e.X)}
	}
	return target{}
}

// set notes that a text is stored, and where it comes from.
func (s *scan) set(to target, value ast.Expr) {
	if to.v == nil || !isString(to.v.Type()) {
		return
	}
	key, field := to.key()
	if key == "" {
		return
	}
	tv := s.pass.TypesInfo.Types[value]
	if tv.Value != nil && tv.Value.ExactString() == `""` {
		return
	}
	if field {
		s.shown.stores[key]++
	}
	ast.Inspect(value, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if row := s.row(id); row != nil {
			s.shown.from[key] |= fspath.From(row.From).Held()
		} else if v, ok := s.pass.TypesInfo.Uses[id].(*types.Var); ok && v.Pkg() != nil && !v.IsField() {
			s.shown.from[key] |= fspath.From(fsapi.VariableOrigin(v.Pkg().Path() + "." + v.Name())).Held()
		}
		return true
	})
}
