package rewrite

import (
	"bytes"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// InCallee returns the call that performs an operation within the function that
// the finding's use is a call of, with that as its Caller. It is nil if that
// function may be called from elsewhere, where nothing was checked, or if it does
// anything else to any path before.
//
//	if exists(p) {
//		return nil
//	}
//	return create(p) // nothing else calls create, which creates first of all
func (s *Site) InCallee(op *pathops.Op) *Call {
	caller := s.Call(op)
	if caller == nil || op.Via == nil || op.Via.Pkg() != s.pass.Pkg {
		return nil
	}
	c := s.callAt(op.Deep)
	if c == nil || !s.namesRow(c, op) {
		return nil
	}
	decl, ok := c.Outer[len(c.Outer)-2].(*ast.FuncDecl)
	if !ok || s.info.Defs[decl.Name] != op.Via || c.Function() != decl.Body || loop(c.Outer) != nil {
		return nil
	}
	if !s.onlyCalledBy(op.Via, caller) || !s.firstIn(op.Via, c) || !s.Undisturbed(decl.Body, c.Args[0], decl.Body.Pos(), c.Pos()) {
		return nil
	}
	c.Caller = caller
	return c
}

// firstIn reports whether a function does nothing to any path before a call but
// to look, and to make directories.
//
//	os.MkdirAll(filepath.Dir(p), 0o755)
//	return os.WriteFile(p, data, 0o644) // the call
//
//	os.Remove(p + ".old") // comes first, and does something
//	return os.WriteFile(p, data, 0o644)
func (s *Site) firstIn(fn *types.Func, c *Call) bool {
	for _, f := range s.ops.Funcs {
		if f.Fn.Object() != fn {
			continue
		}
		return !slices.ContainsFunc(f.Ops, func(op *pathops.Op) bool {
			switch op.Effect {
			case fsapi.Check, fsapi.Open, fsapi.List, fsapi.MakeDirAll:
				return false
			}
			return op.Call.Pos() < c.Lparen
		})
	}
	return false
}

// onlyCalledBy reports whether a function is used in one place, by a call.
//
//	func (s *store) create(p string) error // s.create(p), once
//
// and not a method that an interface of the package has, too:
//
//	type creator interface{ create(p string) error }
func (s *Site) onlyCalledBy(fn *types.Func, caller *Call) bool {
	if fn.Exported() || s.callee(caller.CallExpr) != fn {
		return false
	}
	uses := 0
	for _, obj := range s.info.Uses {
		if f, ok := obj.(*types.Func); ok && f.Origin() == fn {
			uses++
		}
	}
	for _, obj := range s.info.Defs {
		if f, ok := obj.(*types.Func); ok && f != fn && f.Name() == fn.Name() && f.Signature().Recv() != nil && types.IsInterface(f.Signature().Recv().Type()) {
			return false // of an interface, through which it may be called
		}
	}
	return uses == 1 && !s.namedBeside(fn.Name())
}

// namedBeside reports whether a name occurs in a file of the package that is not analyzed
// with it: a test, or one for another system.
func (s *Site) namedBeside(name string) bool {
	dir := filepath.Dir(s.pass.Fset.File(s.Finding.Pos()).Name())
	entries, err := os.ReadDir(dir)
	if err != nil {
		return true
	}
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		if !strings.HasSuffix(file, ".go") || s.analysed(file) {
			continue
		}
		text, err := s.pass.ReadFile(file)
		if err != nil || bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}

func (s *Site) analysed(file string) bool {
	return slices.ContainsFunc(s.pass.Files, func(f *ast.File) bool { return s.pass.Fset.File(f.FileStart).Name() == file })
}

// otherWithin is BranchFor for a use within a function whose caller has made the
// check. What the caller does then is done there if the caller returns what the
// function returns, and the statements mean the same in both.
//
//	func ensure(p string) error {
//		if exists(p) {
//			return nil // may be done in create, which also returns an error alone
//		}
//		return create(p)
//	}
func (s *Site) otherWithin(check *pathops.Op, state fate.State, use *Call) *Block {
	block := s.BranchFor(check, state, use.Caller)
	if block == nil || block.stmts == nil || s.returns(use.Caller) == nil || !s.returnAlike(use, use.Caller) {
		return nil
	}
	for _, stmt := range block.stmts {
		same := true
		ast.Inspect(stmt, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				same = same && s.sameWithin(id, block, use)
			}
			return same
		})
		if !same {
			return nil
		}
	}
	return block
}

// returnAlike reports whether the functions around two calls return the same
// types.
func (s *Site) returnAlike(a, b *Call) bool {
	results := func(c *Call) []types.Type {
		var list []types.Type
		for _, field := range functionType(c.Outer).Results.List {
			for range max(1, len(field.Names)) {
				list = append(list, s.info.TypeOf(field.Type))
			}
		}
		return list
	}
	return slices.EqualFunc(results(a), results(b), types.Identical)
}

// sameWithin reports whether an identifier in a block that is moved into the
// called function means there what it means in the caller.
//
//	func ensure(p string) error { return create(p) } // p of ensure
//	func create(name string) error                 // is not name, by which a block would say p
func (s *Site) sameWithin(id *ast.Ident, block *Block, use *Call) bool {
	obj := s.info.Uses[id]
	if obj == nil || obj.Parent() == nil || obj.Parent() == types.Universe || s.foreign(obj) || block.names[id] != "" {
		return true
	}
	if block.declares(obj) {
		return true
	}
	there := s.lookup(id.Name, use.Pos())
	if there == obj {
		return true
	}
	v, ok := obj.(*types.Var)
	param, isParam := there.(*types.Var)
	return ok && isParam && s.handedAs(v, use) == param && param != nil &&
		!s.assignedBetween(use.Caller.Function(), v, use.Caller.Function().Pos(), use.Caller.End()) &&
		!s.assignedBetween(use.Function(), param, use.Function().Pos(), use.End())
}

// handedAs returns the parameter of the function around a call, the receiver
// included, that gets the value of a variable of its caller, or nil.
//
//	s.create(p)       // s becomes the receiver, p the parameter, if their types are the same
//	s.create(p + ".") // another value than p
func (s *Site) handedAs(v *types.Var, use *Call) *types.Var {
	sig := s.callee(use.Caller.CallExpr).Signature()
	if sel, ok := ast.Unparen(use.Caller.Fun).(*ast.SelectorExpr); ok && sig.Recv() != nil && s.object(sel.X) == v && types.Identical(v.Type(), sig.Recv().Type()) {
		return sig.Recv()
	}
	if sig.Variadic() {
		return nil
	}
	for i, arg := range use.Caller.Args {
		if s.object(arg) == v && i < sig.Params().Len() && types.Identical(v.Type(), sig.Params().At(i).Type()) {
			return sig.Params().At(i)
		}
	}
	return nil
}

// declaration returns the declaration of a function of the package, or nil.
func (s *Site) declaration(fn *types.Func) *ast.FuncDecl {
	for _, file := range s.pass.Files {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok && s.info.Defs[d.Name] == types.Object(fn) {
				return d
			}
		}
	}
	return nil
}
