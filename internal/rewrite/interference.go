package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// others lists the operations on the path of the finding between two
// positions that may put another object there, or change it.
//
//	os.Stat(p)   // the check
//	os.Remove(p) // one of the others
//	os.Open(p)   // the use of the finding
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
	dead := returning(body, end)
	for _, op := range s.others(pos, end) {
		if op.Effect != fsapi.Check && op.Effect != fsapi.Open && !within(dead, op.Call.Pos()) {
			return false
		}
	}
	text := s.Text(path)
	quiet := true
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

// harmless reports whether a call does nothing to a path that it is given.
//
//	filepath.Base(p), os.Stat(p), fmt.Errorf("%s: %w", p, err), log.Print(p)
//	exists(p) // of the package, and looks at p
//
//	os.Remove(p)
//	create(p) // of the package, and writes to p
func (s *Site) harmless(call *ast.CallExpr) bool {
	if tv, ok := s.info.Types[call.Fun]; ok && (tv.IsType() || tv.IsBuiltin()) {
		return true
	}
	fn := s.callee(call)
	if fn == nil || fn.Pkg() == nil {
		return false
	}
	if row := fsapi.Lookup(fn.FullName()); row != nil {
		return changesNothing(row)
	}
	switch fn.Pkg().Path() {
	case "fmt", "errors", "log", "log/slog", "strings", "path", "path/filepath", "strconv":
		return true
	}
	return logs(fn) || s.isSink(call, fn) || fn.Pkg() == s.pass.Pkg && s.onlyLooks(fn)
}

// changesNothing reports whether a function of the table only looks at files, or opens
// them to read.
//
//	os.Stat, os.ReadFile, filepath.Join
//	os.Remove // no
func changesNothing(row *fsapi.Func) bool {
	for _, op := range row.Ops {
		if op.Effect != fsapi.Check && op.Effect != fsapi.Open {
			return false
		}
	}
	return true
}

// isSink reports whether a function of the package returns nothing, performs no operation
// on a path, and takes its arguments as any, like a function that logs:
//
//	progress("writing", path)
func (s *Site) isSink(call *ast.CallExpr, fn *types.Func) bool {
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

// logs reports whether a function prints its arguments, judged by its name and because it
// takes any arguments.
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

// calls reports whether an expression calls anything but functions that only
// compute, so that it cannot be dropped.
func (s *Site) calls(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fn := s.callee(n)
			pure := s.info.Types[n.Fun].IsType() || fn != nil && onlyComputes(fn)
			found = found || !pure
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		}
		return !found
	})
	return found
}

// onlyComputes reports whether a function computes its result without a look at
// anything that may change.
//
//	filepath.Join(dir, name), f.Name(), info.Size(), os.TempDir()
//	os.Getwd(), f.Stat(), time.Now() // no
func onlyComputes(fn *types.Func) bool {
	return pureRow(fn) || isName(fn) || ofMetadata(fn) || isPlace(fn)
}

// pureRow reports whether a function computes a path from its arguments alone.
func pureRow(fn *types.Func) bool {
	row := fsapi.Lookup(fn.FullName())
	return row != nil && row.Gives == fsapi.Pure
}

// isPlace reports whether a function returns the name of a place that is the same for as
// long as the program runs, and nothing else.
//
//	os.TempDir()
//	os.UserHomeDir() // may fail
func isPlace(fn *types.Func) bool {
	row := fsapi.Lookup(fn.FullName())
	return row != nil && row.From != 0 && len(row.Ops) == 0 && fn.Signature().Results().Len() == 1
}

// ofMetadata reports whether fn is a method of metadata or of a mode.
//
//	info.Size(), entry.Name(), info.Mode().IsRegular()
//	entry.Info() // looks at the file
func ofMetadata(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Pkg().Path() != "io/fs" || fn.Signature().Recv() == nil {
		return false
	}
	row := fsapi.Lookup(fn.FullName())
	return row != nil && len(row.Ops) == 0 && fn.Name() != "Info"
}

// isName reports whether fn is the Name method of a file.
func isName(fn *types.Func) bool { return fn.FullName() == "(*os.File).Name" }

// onlyLooks reports whether a function of the package does nothing with the
// texts that it is given but to look at what they name.
func (s *Site) onlyLooks(fn *types.Func) bool {
	for _, f := range s.ops.Funcs {
		if f.Fn.Object() == fn {
			return s.looks(f.Fn, 0)
		}
	}
	return false
}

func (s *Site) looks(fn *ssa.Function, depth int) bool {
	if len(fn.Blocks) == 0 || depth > maxCallees {
		return false
	}
	for _, param := range fn.Params {
		if b, ok := param.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
			continue
		}
		for _, ref := range *param.Referrers() {
			if !s.looksAt(ref, depth) {
				return false
			}
		}
	}
	return true
}

// looksAt reports whether an instruction hands a path on to no more than a look.
//
//	os.Stat(path)
//	exists(path) // a function of the package that only looks
//
//	other.Exists(path), hook(path) // not known
func (s *Site) looksAt(ref ssa.Instruction, depth int) bool {
	call, ok := ref.(*ssa.Call)
	if !ok {
		_, isDebug := ref.(*ssa.DebugRef)
		return isDebug
	}
	if row := s.ops.Row(call); row != nil {
		return len(row.Ops) > 0 && changesNothing(row)
	}
	callee := call.Call.StaticCallee()
	return callee != nil && fspath.Callee(call.Common()) != nil && callee.Pkg == call.Parent().Pkg && s.looks(callee, depth+1)
}
