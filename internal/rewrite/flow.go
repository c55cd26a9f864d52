package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// visits walks on from an operation, made with the path in a state, and calls
// visit for each instruction after it. It reports whether that is all.
func (s *Site) visits(from *pathops.Op, state fate.State, visit func(ssa.Instruction)) bool {
	started := false
	walk := fate.Walk{
		Know: s.ops.Knowledge(from.Path),
		Visit: func(instr ssa.Instruction, _ fate.State) bool {
			if !started {
				started = true
				return true
			}
			visit(instr)
			return instr != ssa.Instruction(from.Call)
		},
	}
	return !walk.FromCall(from.Call, state).Overflow
}

// Reaches reports whether one operation may come after another that was made
// with the path in a state.
func (s *Site) Reaches(from *pathops.Op, state fate.State, to *pathops.Op) bool {
	reached := false
	all := s.visits(from, state, func(instr ssa.Instruction) {
		reached = reached || instr == ssa.Instruction(to.Call)
	})
	return reached || !all
}

// Ends returns how the function ends if an operation finds the path in a state.
func (s *Site) Ends(op *pathops.Op, state fate.State) fate.Ends {
	walk := fate.Walk{Know: s.ops.Knowledge(op.Path)}
	return walk.FromCall(op.Call, state)
}

// Fails reports whether a call's error certainly is of a class when the path
// is in a state.
func (s *Site) Fails(op *pathops.Op, state fate.State, class fate.Abs) bool {
	args := make(fate.Tuple, len(op.Call.Common().Args)+1)
	outcomes, known := s.ops.Knowledge(op.Path).Outcomes(op.Call, args, state)
	for _, o := range outcomes {
		if n := len(o.Results); n == 0 || o.Results[n-1] != class {
			return false
		}
	}
	return known && len(outcomes) > 0
}

// results returns what a call yields when the path is in a state, nil if that
// is not certain.
func (s *Site) results(op *pathops.Op, state fate.State) fate.Tuple {
	args := make(fate.Tuple, len(op.Call.Common().Args)+1)
	outcomes, known := s.ops.Knowledge(op.Path).Outcomes(op.Call, args, state)
	if !known || len(outcomes) != 1 || outcomes[0].Exits {
		return nil
	}
	return outcomes[0].Results
}

// others lists the operations on the path of the finding between two
// positions that may put another object there, or change it.
func (s *Site) others(pos, end token.Pos) []*pathops.Op {
	var found []*pathops.Op
	for _, f := range s.ops.Funcs {
		if f.Fn != s.Finding.Fn {
			continue
		}
		for _, op := range f.Ops {
			if op.Path == s.Finding.Use.Path && pos < op.Call.Pos() && op.Call.Pos() < end && !op.Handle && op.Call != s.Finding.Use.Call {
				found = append(found, op)
			}
		}
	}
	return found
}

// Undisturbed reports whether nothing that the program itself does between two
// positions can change what the path names, nor look at it: path is the
// expression in the source.
func (s *Site) Undisturbed(body ast.Node, path ast.Expr, pos, end token.Pos) bool {
	for _, op := range s.others(pos, end) {
		if op.Effect != fsapi.Check && op.Effect != fsapi.Open {
			return false
		}
	}
	text := s.Text(path)
	quiet, dead := true, returning(body, end)
	ast.Inspect(body, func(n ast.Node) bool {
		if dead[n] {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || call.Pos() <= pos || call.Pos() >= end {
			return true
		}
		for _, arg := range call.Args {
			if s.Text(arg) == text && !s.harmless(call) && call.Lparen != s.Finding.Use.Call.Pos() {
				quiet = false
			}
		}
		return true
	})
	return quiet
}

// returning lists the blocks before a position that end in a return from the
// function: what is done in them is not done before what stands there.
func returning(body ast.Node, end token.Pos) map[ast.Node]bool {
	list := make(map[ast.Node]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if b, ok := n.(*ast.BlockStmt); ok && b.End() < end && len(b.List) > 0 {
			_, list[b] = b.List[len(b.List)-1].(*ast.ReturnStmt)
		}
		return true
	})
	return list
}

// harmless reports whether a call does nothing to a path that it is given.
func (s *Site) harmless(call *ast.CallExpr) bool {
	if tv, ok := s.info.Types[call.Fun]; ok && (tv.IsType() || tv.IsBuiltin()) {
		return true
	}
	fn := s.callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if row := fsapi.Lookup(fn.FullName()); row != nil {
		for _, op := range row.Ops {
			if op.Effect != fsapi.Check && op.Effect != fsapi.Open {
				return false
			}
		}
		return true
	}
	switch fn.Pkg().Path() {
	case "fmt", "errors", "log", "log/slog", "strings", "path", "path/filepath", "strconv":
		return true
	}
	return logs(fn) || s.told(call, fn) || fn.Pkg() == s.pass.Pkg && s.onlyLooks(fn)
}

// told reports whether a function of the package returns nothing, does nothing
// to a path that it is given, and takes that as anything.
func (s *Site) told(call *ast.CallExpr, fn *types.Func) bool {
	params := fn.Signature().Params()
	if fn.Pkg() != s.pass.Pkg || fn.Signature().Results().Len() > 0 || s.operates(call) {
		return false
	}
	for i, arg := range call.Args {
		if basic, ok := s.info.TypeOf(arg).Underlying().(*types.Basic); !ok || basic.Info()&types.IsString == 0 || s.Constant(arg) {
			continue
		}
		if i >= params.Len() || !isAny(params.At(i).Type()) {
			return false
		}
	}
	return true
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// operates reports whether a call in the function of the finding does anything
// to any path.
func (s *Site) operates(call *ast.CallExpr) bool {
	f := s.funcOf(s.Finding.Fn)
	return f == nil || slices.ContainsFunc(f.Ops, func(op *pathops.Op) bool { return op.Call.Pos() == call.Lparen })
}

// logs reports whether a function tells somebody what it is given, by its name
// and that it takes anything.
func logs(fn *types.Func) bool {
	sig, ok := fn.Type().(*types.Signature)
	if !ok || !sig.Variadic() || sig.Results().Len() > 0 {
		return false
	}
	slice, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	if !isAny(slice.Elem()) {
		return false
	}
	name := strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(fn.Name()), "f"), "ln")
	switch name {
	case "debug", "trace", "info", "notice", "warn", "warning", "error", "print":
		return true
	}
	return strings.HasSuffix(name, "log")
}

func (s *Site) callee(call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return nil
	}
	fn, _ := s.info.Uses[id].(*types.Func)
	return fn
}

// streams reports whether a function only reads from or writes to what it is
// given, as those of these packages do, and never closes it.
func streams(fn *types.Func) bool {
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	p := fn.Pkg().Path()
	switch root, _, _ := strings.Cut(p, "/"); root {
	case "io", "bufio", "fmt", "encoding", "compress", "hash", "archive", "image", "bytes", "strings":
		return true
	}
	return p == "text/tabwriter" || p == "text/template" || p == "html/template"
}

// calls reports whether an expression calls anything but functions that only
// compute, so that it cannot be dropped.
func (s *Site) calls(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			tv, ok := s.info.Types[n.Fun]
			fn := s.callee(n)
			pure := ok && tv.IsType() || fn != nil && (pureRow(fn) || isName(fn) || ofMetadata(fn))
			found = found || !pure
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// pureRow reports whether a function computes a path from its arguments alone.
func pureRow(fn *types.Func) bool {
	row := fsapi.Lookup(fn.FullName())
	return row != nil && row.Gives == fsapi.Pure
}

// ofMetadata reports whether fn is a method of metadata or of a mode.
func ofMetadata(fn *types.Func) bool {
	return fn.Pkg() != nil && fn.Pkg().Path() == "io/fs" && fn.Signature().Recv() != nil && fn.Name() != "Info" && fsapi.Lookup(fn.FullName()) != nil && len(fsapi.Lookup(fn.FullName()).Ops) == 0
}

// isName reports whether fn is the Name method of a file.
func isName(fn *types.Func) bool { return fn.FullName() == "(*os.File).Name" }

// Quiet reports whether the program itself leaves alone what the path names
// between a check and the use: where it does not, the use may meet a file that
// the program has made or removed, which is no race.
func (s *Site) Quiet(check *pathops.Op, use *Call) bool {
	c := s.Call(check)
	if c == nil || c.Declaration() == nil {
		return false
	}
	for _, arg := range use.Args {
		if b, ok := s.info.TypeOf(arg).Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
			continue
		}
		if !s.Undisturbed(c.Declaration(), arg, c.End(), use.Pos()) {
			return false
		}
	}
	return true
}

// maxCallees bounds how deep TellsOnlyOfPath looks.
const maxCallees = 4

// TellsOnlyOfPath reports whether an error of op that says of a file whether it
// exists says so of the path of op: what performs it has no other to tell of.
func (s *Site) TellsOnlyOfPath(op *pathops.Op) bool {
	if op.Via == nil {
		return true
	}
	fn := op.Call.Common().StaticCallee()
	return fn != nil && s.onePath(fn, 0)
}

// onePath reports whether the errors that fn may yield are of one path, or of
// no file.
func (s *Site) onePath(fn *ssa.Function, depth int) bool {
	f := s.funcOf(fn)
	if f == nil || len(fn.Blocks) == 0 || depth > maxCallees {
		return false
	}
	for _, op := range f.Ops {
		if op.Path != f.Ops[0].Path {
			return false
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !yieldsError(call) || f.At(call) != nil && f.At(call)[0].Via == nil {
				continue
			}
			if fn := fspath.Callee(call.Common()); fn != nil && fn.Pkg() != nil && noFiles(fn.Pkg().Path()) {
				continue
			}
			if callee := call.Call.StaticCallee(); callee == nil || !s.onePath(callee, depth+1) {
				return false
			}
		}
	}
	return true
}

func (s *Site) funcOf(fn *ssa.Function) *pathops.Func {
	for _, f := range s.ops.Funcs {
		if f.Fn == fn {
			return f
		}
	}
	return nil
}

// yieldsError reports whether a call yields an error among its results.
func yieldsError(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	for v := range results.Variables() {
		if fate.IsError(v.Type()) {
			return true
		}
	}
	return false
}

// noFiles reports whether a package of the standard library makes and decodes
// values, and opens no files.
func noFiles(path string) bool {
	switch root, _, _ := strings.Cut(path, "/"); root {
	case "errors", "fmt", "strings", "bytes", "strconv", "bufio", "encoding", "crypto", "hash", "compress", "unicode", "time", "math", "regexp", "unsafe", "sort", "slices", "maps", "html", "text":
		return path != "crypto/tls" && path != "text/template" && path != "html/template"
	}
	return path == "io" || path == "net/url" || path == "net/netip"
}
