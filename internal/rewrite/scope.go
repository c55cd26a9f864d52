package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// Constant reports whether an expression is a constant.
func (s *Site) Constant(e ast.Expr) bool { return s.info.Types[e].Value != nil }

// IsConstant reports whether an expression is a constant of the value.
func (s *Site) IsConstant(e ast.Expr, value int64) bool {
	v := s.info.Types[e].Value
	return v != nil && constant.Compare(v, token.EQL, constant.MakeInt64(value))
}

// Empty reports whether an expression is content without bytes: nil, []byte{}, []byte("").
func (s *Site) Empty(e ast.Expr) bool {
	if s.info.Types[e].IsNil() {
		return true
	}
	switch x := s.unconverted(e).(type) {
	case *ast.CompositeLit:
		return len(x.Elts) == 0
	default:
		v := s.info.Types[x].Value
		return v != nil && v.Kind() == constant.String && constant.StringVal(v) == ""
	}
}

// Stable reports whether an expression at the call to means the same at the
// call from, before it.
//
//	f, err := os.Create(p)
//	os.Chmod(p, mode)        // a parameter mode: stable
//	os.Chmod(p, info.Mode()) // if info was assigned above the creation
//	os.Chmod(p, s.mode)      // a field may have changed: not stable
func (s *Site) Stable(e ast.Expr, from, to *Call) bool {
	stable := !s.calls(e)
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return stable
		}
		obj := s.info.Uses[id]
		switch obj := obj.(type) {
		case *types.Const, *types.TypeName, *types.PkgName, *types.Builtin, *types.Nil:
			stable = stable && (obj.Parent() != from.innermost(s) || obj.Pos() < from.Pos())
		case *types.Var:
			local := !obj.IsField() && obj.Parent() != s.pass.Pkg.Scope()
			stable = stable && local && obj.Pos() < from.Pos() && !s.assignedBetween(from.Declaration(), obj, from.Pos(), to.Pos())
		case nil:
		case *types.Func:
			stable = stable && ofMetadata(obj)
		default:
			stable = false
		}
		if obj != nil && obj.Parent() != nil && !s.foreign(obj) && s.lookup(id.Name, from.Pos()) != obj {
			stable = false
		}
		return stable
	})
	return stable
}

// assignedOnce reports whether assign is the only statement that gives v a
// value, and nothing has its address.
//
//	f, err := os.Open(p) // once
//
// and not where any of these follows:
//
//	f, err = os.Open(q)
//	open(&f)
//	for _, f = range files {
func (s *Site) assignedOnce(body ast.Node, v *types.Var, assign *ast.AssignStmt) bool {
	once := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if s.object(lhs) == v && n != assign {
					once = false
				}
			}
		case *ast.RangeStmt:
			if n.Key != nil && s.object(n.Key) == v || n.Value != nil && s.object(n.Value) == v {
				once = false
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && s.object(n.X) == v {
				once = false
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if s.object(name) == v && i < len(n.Values) {
					once = false
				}
			}
		}
		return once
	})
	return once
}

// assignedBetween reports whether v may get a value between two positions: by
// an assignment there, by a function literal that may be called there, or through an
// address that may have been taken by then:
//
//	p := &v             // counts
//	json.Unmarshal(b, &v) // below the second position: does not, outside of a loop
func (s *Site) assignedBetween(body ast.Node, v *types.Var, pos, end token.Pos) bool {
	if body == nil {
		return true
	}
	found := false
	within := func(n ast.Node) bool { return pos < n.End() && n.Pos() < end }
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				found = found || s.object(root(lhs)) == v && within(n)
			}
		case *ast.IncDecStmt:
			found = found || s.object(root(n.X)) == v && within(n)
		case *ast.RangeStmt:
			for _, x := range []ast.Expr{n.Key, n.Value} {
				found = found || x != nil && s.object(x) == v && within(x)
			}
		case *ast.UnaryExpr:
			takes := n.Op == token.AND && s.object(root(n.X)) == v
			found = found || takes && (n.Pos() < end || sharedLoop(body, n.Pos(), pos))
		case *ast.FuncLit:
			calledThere := n.Pos() < end && n.End() <= pos
			found = found || calledThere && s.assignedBetween(n.Body, v, n.Pos(), n.End())
		}
		return !found
	})
	return found
}

// sharedLoop reports whether a loop in a function is around two positions.
//
//	for _, p := range paths {
//		os.Stat(p)     // a
//		os.ReadFile(p) // b
//	}
//	os.Remove(last) // not around this
func sharedLoop(body ast.Node, a, b token.Pos) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			found = found || n.Pos() <= a && a < n.End() && n.Pos() <= b && b < n.End()
		}
		return !found
	})
	return found
}

// readAfter reports whether the value that v has at a position may be read below it in
// a function: the first that is done with v there is not a plain assignment to it.
//
//	if err != nil {        // reads the old value
//	data, err := load(p)   // does not: err gets a new one first
func (s *Site) readAfter(body ast.Node, v *types.Var, pos token.Pos) bool {
	var first *ast.Ident
	var assigns *ast.AssignStmt
	ast.Inspect(body, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && first == nil && assign.Pos() >= pos && s.onlyAssigns(assign, v) {
			assigns = assign
		}
		if id, ok := n.(*ast.Ident); ok && first == nil && id.Pos() >= pos && s.info.ObjectOf(id) == types.Object(v) {
			first = id
		}
		return first == nil
	})
	if first == nil {
		return false
	}
	return assigns == nil || first.Pos() < assigns.Pos() || first.Pos() >= assigns.End()
}

// onlyAssigns reports whether a statement of a list assigns to v and does not read it.
func (s *Site) onlyAssigns(assign *ast.AssignStmt, v *types.Var) bool {
	assigned := false
	for _, lhs := range assign.Lhs {
		assigned = assigned || s.object(lhs) == v
	}
	for _, rhs := range assign.Rhs {
		if s.mentions(rhs, v) {
			return false
		}
	}
	return assigned && (assign.Tok == token.ASSIGN || assign.Tok == token.DEFINE)
}

// assignedBy reports whether v holds a result of a call.
func (s *Site) assignedBy(c *Call, v *types.Var) bool {
	assign, ok := c.Stmt.(*ast.AssignStmt)
	if !ok {
		return false
	}
	for _, lhs := range assign.Lhs {
		if s.object(lhs) == v {
			return true
		}
	}
	return false
}

// definition returns the statement that declares a variable and gives it its
// value, or nil.
func (s *Site) definition(body ast.Node, v *types.Var) *ast.AssignStmt {
	var found *ast.AssignStmt
	ast.Inspect(body, func(n ast.Node) bool {
		if assign, ok := n.(*ast.AssignStmt); ok && assign.Tok == token.DEFINE {
			for _, lhs := range assign.Lhs {
				if id, ok := lhs.(*ast.Ident); ok && s.info.Defs[id] == types.Object(v) {
					found = assign
				}
			}
		}
		return found == nil
	})
	return found
}

func assignOf(c *Call) *ast.AssignStmt {
	assign, _ := c.Stmt.(*ast.AssignStmt)
	return assign
}
