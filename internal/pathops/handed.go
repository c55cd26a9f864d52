package pathops

import (
	"go/types"
	"strings"

	"github.com/edcacfbd/toctou/internal/fate"
)

// Concerns reports whether a function of another package is analyzed: one of the same
// module, one that takes or returns a path, or one that may end the program, because
// of an error or because it returns nothing. Any files that other functions access
// are their own.
func Concerns(fn *types.Func, module string) bool {
	if within(fn.Pkg().Path(), module) {
		return true
	}
	sig := fn.Signature()
	if sig.Results().Len() == 0 {
		return true
	}
	for v := range sig.Results().Variables() {
		if isText(v.Type()) {
			return true
		}
	}
	seen := make(map[types.Type]bool)
	for v := range sig.Params().Variables() {
		if holdsText(v.Type(), seen) {
			return true
		}
	}
	return sig.Recv() != nil && holdsText(sig.Recv().Type(), seen)
}

// within reports whether a package is of the module.
func within(pkg, module string) bool {
	return module != "" && (pkg == module || strings.HasPrefix(pkg, module+"/"))
}

// isText reports whether a path can be a value of the type.
func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// holdsText reports whether a path or an error can be reached from a value of the
// type, without a call.
func holdsText(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if isText(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return holdsText(u.Elem(), seen)
	case *types.Slice:
		return holdsText(u.Elem(), seen)
	case *types.Array:
		return holdsText(u.Elem(), seen)
	case *types.Map:
		return holdsText(u.Key(), seen) || holdsText(u.Elem(), seen)
	case *types.Chan:
		return holdsText(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			if holdsText(f.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		return u.NumMethods() == 0 || fate.IsError(t)
	}
	return false
}
