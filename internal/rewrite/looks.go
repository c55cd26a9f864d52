package rewrite

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

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
func (s *Site) looksAt(ref ssa.Instruction, depth int) bool {
	call, ok := ref.(*ssa.Call)
	if !ok {
		_, isDebug := ref.(*ssa.DebugRef)
		return isDebug
	}
	if row := s.ops.Row(call); row != nil {
		for _, op := range row.Ops {
			if op.Effect != fsapi.Check && op.Effect != fsapi.Open {
				return false
			}
		}
		return len(row.Ops) > 0
	}
	callee := call.Call.StaticCallee()
	return callee != nil && fspath.Callee(call.Common()) != nil && callee.Pkg == call.Parent().Pkg && s.looks(callee, depth+1)
}
