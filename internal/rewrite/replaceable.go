package rewrite

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
)

// KeepsFile returns why the file of the finding must not be replaced by another one, as a
// fix that writes it whole does, or "":
//
//	os.WriteFile(filepath.Join(group, "cgroup.procs"), pid, 0o644) // no file can be renamed there
//	watcher.Add(path)                                              // ends when the file is replaced
//	unix.Mount(path, target, "", unix.MS_BIND, "")                 // shows the old file on
//
// A watch of the directory goes on, and is no reason.
func (s *Site) KeepsFile() fix.Refusal {
	use := s.Finding.Use
	if s.ofKernel(use.Path, s.Finding.Fn, 0) {
		return "the path may be a kernel file, which cannot be replaced by a rename"
	}
	for _, f := range s.ops.Funcs {
		for _, op := range f.Ops {
			switch {
			case !s.sameFile(f, op):
			case op.Row.Has(fsapi.Watches):
				return "the program watches the file itself, and the watch ends when the file is replaced"
			case op.Effect == fsapi.Mount:
				return "the file is mounted, and the mount keeps showing the old file when it is replaced"
			}
		}
	}
	return ""
}

// sameFile reports whether an operation in a function may be on the file of the finding:
// its path has the same identity, or the same path leads to both in one function.
func (s *Site) sameFile(f *pathops.Func, op *pathops.Op) bool {
	use := s.Finding.Use
	if !op.Row.Has(fsapi.Watches) && op.Effect != fsapi.Mount {
		return false
	}
	if race.SharesIdentity(s.ops.Numbers, op.Path, use.Path) {
		return true
	}
	for _, other := range f.Ops {
		if other.Deep == use.Deep && other.Path == op.Path {
			return true
		}
	}
	return false
}

// ofKernel reports whether a path of a function may be one of the kernel's: by a text in
// it, or in what the package hands to the function.
func (s *Site) ofKernel(v *fspath.Value, fn *ssa.Function, depth int) bool {
	found := false
	v.Walk(func(part *fspath.Value) bool {
		if text, ok := part.Text(); ok {
			found = found || fsapi.KernelFile(text)
		}
		if part.Kind == fspath.Param && depth < maxCallees {
			found = found || s.givenKernel(part.Src, fn, depth+1)
		}
		return !found
	})
	return found
}

// givenKernel reports whether a call in the package gives a parameter of a function a
// path of the kernel's.
func (s *Site) givenKernel(param ssa.Value, fn *ssa.Function, depth int) bool {
	for i, p := range fn.Params {
		if ssa.Value(p) != param {
			continue
		}
		for _, f := range s.ops.Funcs {
			for call := range calls(f.Fn, fn) {
				if s.ofKernel(s.ops.Numbers.Of(call.Common().Args[i]), f.Fn, depth) {
					return true
				}
			}
		}
	}
	return false
}

// calls iterates over the calls of one function in another.
func calls(in, of *ssa.Function) func(yield func(ssa.CallInstruction) bool) {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, b := range in.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(ssa.CallInstruction); ok && call.Common().StaticCallee() == of && !yield(call) {
					return
				}
			}
		}
	}
}
