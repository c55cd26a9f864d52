package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// stagedMethods are the methods that a staged file has in common with an open
// one, Close aside.
var stagedMethods = []string{"Write", "WriteString", "ReadFrom", "ReadAt", "WriteAt", "Truncate", "Seek", "Name", "Chown", "Chmod"}

// uses reports whether each use of the file, and of the writers on top of it,
// is one that a staged file allows.
func (t *staged) uses() bool {
	ok := true
	t.inspect(func(n ast.Node, stack []ast.Node) {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.LabeledStmt:
			ok = false
		case *ast.BranchStmt:
			ok = ok && n.Tok != token.GOTO
		case *ast.Ident:
			v, _ := t.s.info.Uses[n].(*types.Var)
			if v == t.file {
				ok = ok && t.use(stack)
			} else if t.derived[v] {
				ok = ok && t.useOfDerived(stack)
			}
		}
	})
	return ok
}

// use judges one use of the file, the last of the nodes.
func (t *staged) use(stack []ast.Node) bool {
	if len(stack) < 3 {
		return false
	}
	deferred, literal := around[*ast.DeferStmt](stack), around[*ast.FuncLit](stack)
	switch parent := stack[len(stack)-2].(type) {
	case *ast.SelectorExpr:
		call, ok := stack[len(stack)-3].(*ast.CallExpr)
		switch {
		case !ok || call.Fun != ast.Expr(parent):
			return false
		case parent.Sel.Name == "Close" && deferred:
			t.deferClose = true
			return true
		case deferred || literal:
			return false
		case parent.Sel.Name == "Close", parent.Sel.Name == "Sync":
			return true // judged by commit
		}
		return slices.Contains(stagedMethods, parent.Sel.Name)
	case *ast.CallExpr:
		if deferred {
			t.deferClose = true
			return !literal && (t.takesInterface(parent, stack[len(stack)-1]) || t.closesOnly(parent))
		}
		return !literal && t.takesInterface(parent, stack[len(stack)-1]) && t.derives(parent, stack[:len(stack)-2])
	}
	return false
}

// closesOnly has the file's own Close be deferred instead of a function of the package that
// does nothing with an *os.File but to close it and to say so, and reports whether the
// call is of such a function.
//
//	func closeFile(f *os.File) {
//		if err := f.Close(); err != nil {
//			log.Printf("closing %s: %v", f.Name(), err)
//		}
//	}
//
//	defer closeFile(f) // defer f.Close(): the error that counts is that of Commit
func (t *staged) closesOnly(call *ast.CallExpr) bool {
	fn := t.s.callee(call)
	if fn == nil || fn.Pkg() != t.s.pass.Pkg || fn.Signature().Recv() != nil || fn.Signature().Params().Len() != 1 || fn.Signature().Results().Len() > 0 {
		return false
	}
	decl, param := t.s.declaration(fn), fn.Signature().Params().At(0)
	if decl == nil || decl.Body == nil {
		return false
	}
	closes, only := false, true
	var stack []ast.Node
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, n)
		if id, ok := n.(*ast.Ident); ok && t.s.info.Uses[id] == types.Object(param) {
			sel, ok := stack[len(stack)-2].(*ast.SelectorExpr)
			only = only && ok && (sel.Sel.Name == "Close" || sel.Sel.Name == "Name")
			closes = closes || ok && sel.Sel.Name == "Close"
		}
		return true
	})
	if !closes || !only {
		return false
	}
	t.p.Replace(call, t.file.Name()+".Close()")
	return true
}

// takesInterface reports whether an argument of a call is taken as an
// interface with methods, which the staged file may have, too.
//
//	io.Copy(f, r)          // an io.Writer
//	json.NewEncoder(f)     // an io.Writer
//
// and not
//
//	upload(f)              // an *os.File
//	fmt.Println(f)         // an any, whose dynamic type the function may test
func (t *staged) takesInterface(call *ast.CallExpr, arg ast.Node) bool {
	sig, ok := t.s.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return false
	}
	for i, a := range call.Args {
		if ast.Node(a) == arg && i < sig.Params().Len() && !(sig.Variadic() && i == sig.Params().Len()-1) {
			iface, ok := sig.Params().At(i).Type().Underlying().(*types.Interface)
			return ok && iface.NumMethods() > 0
		}
	}
	return false
}

// derives records the result of a call with the file as its argument: a writer on top of
// the file must be in a variable of the region, or be used directly.
func (t *staged) derives(call *ast.CallExpr, outer []ast.Node) bool {
	if !t.holds(t.s.info.TypeOf(call)) {
		return true
	}
	switch parent := outer[len(outer)-1].(type) {
	case *ast.SelectorExpr:
		return true // json.NewEncoder(f).Encode(x)
	case *ast.AssignStmt:
		if parent.Tok != token.DEFINE || len(parent.Rhs) != 1 || parent.Rhs[0] != ast.Expr(call) {
			return false
		}
		for _, lhs := range parent.Lhs {
			if v := t.s.object(lhs); v != nil && t.holds(v.Type()) {
				t.derived[v] = true
			}
		}
		return true
	case *ast.CallExpr:
		return t.derives(parent, outer[:len(outer)-1])
	}
	return false
}

// holds reports whether a value of the type may hold on to a writer.
func (t *staged) holds(typ types.Type) bool {
	switch u := typ.(type) {
	case *types.Tuple:
		for v := range u.Variables() {
			if t.holds(v.Type()) {
				return true
			}
		}
		return false
	case nil:
		return false
	}
	if types.Identical(typ, types.Universe.Lookup("error").Type()) {
		return false
	}
	_, basic := typ.Underlying().(*types.Basic)
	return !basic
}

// useOfDerived judges one use of a writer on top of the file: what runs when
// the function ends would write after the commit.
func (t *staged) useOfDerived(stack []ast.Node) bool {
	if around[*ast.DeferStmt](stack) || around[*ast.FuncLit](stack) || len(stack) < 3 {
		return false
	}
	switch parent := stack[len(stack)-2].(type) {
	case *ast.SelectorExpr:
		call, ok := stack[len(stack)-3].(*ast.CallExpr)
		return ok && call.Fun == ast.Expr(parent)
	case *ast.CallExpr:
		return t.derives(parent, stack[:len(stack)-2])
	}
	return false
}
