package config

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Seen is how much of a package is loaded.
type Seen uint8

// What is loaded of a package.
const (
	Whole    Seen = iota // all of its functions
	Exported             // those that export data has
	Part                 // not those for other systems
)

// Check compares the rows with the functions that they are about, as far as
// their packages are loaded: find returns the package of an import path, or nil.
func (s *Settings) Check(find func(path string) (*types.Package, Seen)) error {
	for i := range s.Functions {
		r := &s.Functions[i]
		row, err := r.compile()
		if err == nil {
			if pkg, seen := find(fsapi.PackagePath(r.Func)); pkg != nil {
				err = checkIn(pkg, &row, seen)
			}
		}
		if err != nil {
			return s.errorIn(r, err)
		}
	}
	return nil
}

// checkIn compares a row with its function in pkg.
func checkIn(pkg *types.Package, row *fsapi.Func, seen Seen) error {
	fn, exported := lookup(pkg, row.Name)
	switch {
	case fn == nil && (seen == Part || seen == Exported && !exported):
		return nil // it may be there all the same
	case fn == nil:
		return wrongf("func", "package %s has no %s", pkg.Path(), strings.TrimPrefix(row.Name, pkg.Path()+"."))
	case fn.FullName() != row.Name:
		return wrongf("func", "write it as %s", fn.FullName())
	}
	return checkSignature(row, fn.Signature())
}

// lookup returns the function of the full name, and whether one of that name
// is exported.
func lookup(pkg *types.Package, name string) (fn *types.Func, exported bool) {
	recv, method, isMethod := strings.Cut(name, ").")
	if !isMethod {
		last := name[strings.LastIndexByte(name, '.')+1:]
		fn, _ = pkg.Scope().Lookup(last).(*types.Func)
		return fn, token.IsExported(last)
	}
	recv, _, _ = strings.Cut(recv, "[")
	typeName := recv[strings.LastIndexByte(recv, '.')+1:]
	exported = token.IsExported(typeName) && token.IsExported(method)
	typ := pkg.Scope().Lookup(typeName)
	if typ == nil {
		return nil, exported
	}
	obj, _, _ := types.LookupFieldOrMethod(typ.Type(), true, pkg, method)
	fn, _ = obj.(*types.Func)
	return fn, exported
}

// checkSignature holds the indices of a row, and what it says of results,
// against a signature.
func checkSignature(row *fsapi.Func, sig *types.Signature) error {
	params := sig.Params()
	param := func(key string, i int, what string, fits func(types.Type) bool) error {
		if i >= params.Len() {
			return wrongf(key, "there is no argument %d in %s", i, describeSignature(sig))
		}
		typ := params.At(i).Type()
		if slice, ok := typ.(*types.Slice); ok && sig.Variadic() && i == params.Len()-1 {
			typ = slice.Elem()
		}
		if !fits(typ) {
			return wrongf(key, "argument %d is %s, want %s", i, typ, what)
		}
		return nil
	}
	var errs []error
	for i, op := range row.Ops {
		k := key(i)
		if i == 0 {
			k = "path"
		}
		switch {
		case op.Arg != fsapi.Recv:
			errs = append(errs, param(k, op.Arg, "path", isPath))
		case sig.Recv() == nil:
			errs = append(errs, wrongf(k, "the function is not a method, so it has no receiver"))
		}
	}
	if row.Flags > 0 {
		errs = append(errs, param("flags", row.Flags, "set of flags", isBasic(types.IsInteger)))
	}
	if row.Perm > 0 {
		errs = append(errs, param("mode", row.Perm, "mode", isBasic(types.IsInteger)))
	}
	if row.Data > 0 {
		errs = append(errs, param("content", row.Data, "content", func(types.Type) bool { return true }))
	}
	if row.Has(fsapi.Fails) || row.Has(fsapi.TestsNotExist) || row.Has(fsapi.TestsExist) {
		errs = append(errs, param("is", 0, "error", func(t types.Type) bool {
			return types.Identical(t, types.Universe.Lookup("error").Type())
		}))
	}
	if row.Has(fsapi.Beneath) && sig.Recv() == nil {
		errs = append(errs, wrongf("is", "the function is not a method, so it has no receiver"))
	}
	if row.Gives != 0 {
		errs = append(errs, checkResult(row.Gives, sig))
	}
	for _, err := range errs { // the first is enough
		if err != nil {
			return err
		}
	}
	return nil
}

// checkResult compares what the first result is said to be with its type.
func checkResult(gives fsapi.Result, sig *types.Signature) error {
	if sig.Results().Len() == 0 {
		return wrongf("returns", "%s returns nothing", describeSignature(sig))
	}
	typ := sig.Results().At(0).Type()
	fits, want := true, ""
	switch gives {
	case fsapi.Exists, fsapi.IsDir:
		fits, want = isBasic(types.IsBoolean)(typ), "bool"
	case fsapi.Pure, fsapi.NewDir:
		fits, want = isBasic(types.IsString)(typ), "string"
	}
	if !fits {
		return wrongf("returns", "the first result is %s, want %s", typ, want)
	}
	return nil
}

func describeSignature(sig *types.Signature) string {
	return fmt.Sprintf("func%s", strings.TrimPrefix(types.TypeString(sig, func(p *types.Package) string { return p.Name() }), "func"))
}

// isPath accepts strings, and what loaders take that accept several kinds of
// sources.
func isPath(typ types.Type) bool {
	if iface, ok := typ.Underlying().(*types.Interface); ok {
		return iface.Empty()
	}
	return isBasic(types.IsString)(typ)
}

func isBasic(info types.BasicInfo) func(types.Type) bool {
	return func(typ types.Type) bool {
		basic, ok := typ.Underlying().(*types.Basic)
		return ok && basic.Info()&info != 0
	}
}
