package pathops

import (
	"go/ast"
	"go/build"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// isStandard reports whether the package is of the standard library: the
// table knows that. Its files lie below GOROOT; a nil Module is not conclusive,
// since the packages of `go vet x.go` have none either.
func isStandard(pass *analysis.Pass) bool {
	if len(pass.Files) == 0 || build.Default.GOROOT == "" {
		return false
	}
	file := pass.Fset.Position(pass.Files[0].FileStart).Filename
	src := filepath.Join(build.Default.GOROOT, "src") + string(filepath.Separator)
	return strings.HasPrefix(file, src)
}

// relevant reports whether the package names a function that touches the file
// system by a path, or has a summary. SSA is built for such packages only.
func (p *packageOps) relevant() bool {
	if p.names(p.touches) {
		return true
	}
	p.await()
	return p.names(func(fn *types.Func) bool { return fn.Pkg() != p.pass.Pkg && p.summary(nil, fn) != nil })
}

// names reports whether the package names a function that matters.
func (p *packageOps) names(matters func(*types.Func) bool) bool {
	checked := make(map[*types.Func]bool)
	for id, obj := range p.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil {
			continue
		}
		fn = fn.Origin()
		is, ok := checked[fn]
		if !ok {
			is = matters(fn)
			checked[fn] = is
		}
		if is && !p.sources.leftOut(id.Pos()) {
			return true
		}
	}
	return false
}

// touches reports whether a function touches the file system by what the table
// has of it, or by its shape.
func (p *packageOps) touches(fn *types.Func) bool {
	if p.settings.Table.Packages()[fn.Pkg().Path()] {
		if row := p.settings.Table.Lookup(fn.FullName()); row.Touches() || row.Has(fsapi.Descriptor) {
			return true // a descriptor can be passed on without any path
		}
	}
	return fspath.HelperRow(p.settings.Table, fn).Touches() || shape(fn) != nil
}

// build builds the SSA form of the package. It is not done through buildssa:
// that requires ctrlflow, whose facts make unitchecker build the SSA form of
// every dependency.
func (p *packageOps) build() {
	prog := ssa.NewProgram(p.pass.Fset, ssa.BareInits)
	p.createImported(prog)
	pkg := prog.CreatePackage(p.pass.Pkg, p.sources.files, p.sources.info, false)
	pkg.Build()
	for _, giant := range p.sources.giants {
		if obj, ok := p.pass.TypesInfo.Defs[giant.Name].(*types.Func); ok {
			p.giveUp(prog.FuncValue(obj))
		}
	}

	p.methods = make(map[string][]*ssa.Function)
	add := func(fn *ssa.Function) {
		if fn == nil {
			return
		}
		if fn.Signature.Recv() != nil {
			p.methods[fn.Name()] = append(p.methods[fn.Name()], fn)
		}
		p.addWithLiterals(fn)
	}
	for _, file := range p.sources.files {
		if p.sources.leftOut(file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if obj, ok := p.pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					add(prog.FuncValue(obj))
				}
			}
		}
	}
	add(pkg.Func("init")) // the initialisers of package-level variables: a command's RunE
	p.bindFunctions()
	p.sort()
}

// createImported creates what the package names of those that it imports. Of a
// package without syntax ssa creates a member for each object that it has, which
// is most of the cost of the SSA form of a small package; of one with syntax,
// what that declares. So it is shown a file that declares what is named.
//
//	import "os"
//
//	os.Stat(os.Args[0]) // declared as if os were: const Stat, Args
func (p *packageOps) createImported(prog *ssa.Program) {
	declared := make(map[*types.Package]*types.Info)
	names := make(map[*types.Package][]*ast.Ident)
	seen := make(map[types.Object]bool)
	for id, obj := range p.pass.TypesInfo.Uses {
		pkg := obj.Pkg()
		if pkg == nil || pkg == p.pass.Pkg || seen[obj] || obj.Parent() != pkg.Scope() || p.sources.leftOut(id.Pos()) {
			continue
		}
		seen[obj] = true
		switch obj.(type) {
		case *types.Func, *types.Var:
			if declared[pkg] == nil {
				declared[pkg] = &types.Info{Defs: make(map[*ast.Ident]types.Object)}
			}
			name := ast.NewIdent(obj.Name())
			declared[pkg].Defs[name] = obj
			names[pkg] = append(names[pkg], name)
		}
	}
	for pkg, info := range declared {
		decl := &ast.GenDecl{Tok: token.CONST, Specs: []ast.Spec{&ast.ValueSpec{Names: names[pkg]}}}
		prog.CreatePackage(pkg, []*ast.File{{Decls: []ast.Decl{decl}}}, info, false)
	}
}

func (p *packageOps) addWithLiterals(fn *ssa.Function) {
	p.functions = append(p.functions, fn)
	for _, lit := range fn.AnonFuncs {
		p.addWithLiterals(lit)
	}
}

// sort puts callees before their callers.
func (p *packageOps) sort() {
	ours := make(map[*ssa.Function]bool, len(p.functions))
	for _, fn := range p.functions {
		ours[fn] = true
	}
	visited := make(map[*ssa.Function]bool)
	var visit func(fn *ssa.Function)
	visit = func(fn *ssa.Function) {
		if visited[fn] || !ours[fn] {
			return
		}
		visited[fn] = true
		for _, lit := range fn.AnonFuncs {
			visit(lit)
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if common := call.Common(); common.IsInvoke() {
					for _, m := range p.methods[common.Method.Name()] {
						visit(m)
					}
				} else if callee := common.StaticCallee(); callee != nil {
					if o := callee.Origin(); o != nil {
						callee = o
					}
					visit(callee)
				}
			}
		}
		p.order = append(p.order, fn)
	}
	for _, fn := range p.functions {
		visit(fn)
	}
}

// shape returns the row of an interface method, if its interface looks like a
// file system.
func shape(fn *types.Func) *fsapi.Func {
	row := shapeOf(fn)
	if row == nil {
		return nil
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok || !looksLikeFS(iface) || !fits(fn.Signature(), row) {
		return nil
	}
	return row
}

// shapeOf returns the row that a method has by its name, and by whether it takes a
// context first, or nil.
func shapeOf(m *types.Func) *fsapi.Func {
	if afterContext(m.Signature()) {
		return fsapi.ShapeAfterContext(m.Name())
	}
	return fsapi.ShapeOf(m.Name())
}

// afterContext reports whether the first parameter is a context.
func afterContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && fate.IsNamed(sig.Params().At(0).Type(), "context", "Context")
}

// looksLikeFS reports whether an interface has Stat or Lstat as os has them,
// and at least two more of the shapes.
func looksLikeFS(iface *types.Interface) bool {
	stat, others := false, 0
	for m := range iface.Methods() {
		row := shapeOf(m)
		if row == nil || len(row.Ops) == 0 || !fits(m.Signature(), row) {
			continue
		}
		if row.Gives == fsapi.Info {
			stat = stat || m.Signature().Results().Len() == 2
		} else {
			others++
		}
	}
	return stat && others >= 2
}

// fits reports whether the paths of a row are strings in the signature, and
// the error that it inspects an error.
func fits(sig *types.Signature, row *fsapi.Func) bool {
	if row.Has(fsapi.TestsNotExist) || row.Has(fsapi.TestsExist) {
		return sig.Params().Len() == 1 && fate.IsError(sig.Params().At(0).Type())
	}
	for _, op := range row.Ops {
		if op.Arg >= sig.Params().Len() {
			return false
		}
		if b, ok := sig.Params().At(op.Arg).Type().Underlying().(*types.Basic); !ok || b.Kind() != types.String {
			return false
		}
	}
	return true
}
