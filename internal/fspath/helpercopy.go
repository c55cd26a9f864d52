package fspath

import (
	"go/types"
	"strings"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// HelperRow returns what is known of a function of a copy of the helper package, which
// `toctou helper DIR` writes under any path and name, or nil: it does what the published
// function of its name does. A copy is known by what it declares.
//
//	example.com/app/internal/safefile.WriteFileExcl // as atomicfix.WriteFileExcl
func HelperRow(table *fsapi.Table, fn *types.Func) *fsapi.Func {
	if fn.Pkg() == nil || !isHelperCopy(fn.Pkg()) {
		return nil
	}
	return table.Lookup(strings.Replace(fn.FullName(), fn.Pkg().Path(), fsapi.Helper, 1))
}

// helperFuncs are functions of the helper package and how many parameters each has, the
// name of the file first. No other package is known that declares all of them.
var helperFuncs = map[string]int{
	"WriteFile":     3,
	"WriteFileMode": 3,
	"WriteFileExcl": 3,
	"Create":        1,
	"CreateMode":    2,
	"CreateExcl":    2,
	"OpenStat":      1,
}

// isHelperCopy reports whether a package declares what the helper package does.
func isHelperCopy(pkg *types.Package) bool {
	if pkg.Scope().Lookup("WriteFileExcl") == nil {
		return false // as nearly all
	}
	for name, n := range helperFuncs {
		fn, ok := pkg.Scope().Lookup(name).(*types.Func)
		if !ok || fn.Signature().Params().Len() != n || !types.Identical(fn.Signature().Params().At(0).Type(), types.Typ[types.String]) {
			return false
		}
	}
	file, ok := pkg.Scope().Lookup("File").(*types.TypeName)
	if !ok {
		return false
	}
	commit, _, _ := types.LookupFieldOrMethod(types.NewPointer(file.Type()), true, pkg, "Commit")
	return commit != nil
}
