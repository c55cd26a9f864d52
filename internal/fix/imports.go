package fix

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
)

// named is a package that new text names.
type named struct {
	name string
	new  bool // it is not imported yet
}

// otherNames are what a package is called where its own name is taken.
var otherNames = map[string]string{"io/fs": "iofs", "errors": "stderrors"}

// Use returns the text by which new text at pos names a member of a package:
// errors.Is. It reuses an import, a renamed one or a dot import too, or adds one.
func (e *Edit) Use(pkgPath, member string, pos token.Pos) string {
	use := e.imports[pkgPath]
	if use == nil {
		use = e.imported(pkgPath)
		if use == nil {
			use = &named{name: e.freeName(pkgPath, pos), new: true}
		}
		e.imports[pkgPath] = use
	}
	if !e.visible(use, pkgPath, member, pos) {
		e.Fail("the name of package " + pkgPath + " is shadowed there")
	}
	if use.name == "." {
		return member
	}
	return use.name + "." + member
}

// Imports reports whether the file imports a package under a name.
func (f *File) Imports(pkgPath string) bool { return f.imported(pkgPath) != nil }

// ErrorsPackage returns the path of the package whose Is new text calls: the standard
// library's errors, or, where the file imports another package of that name and not that
// one, the other one, if it has the standard library's Is and As.
func (f *File) ErrorsPackage() string {
	const standard = "errors"
	if f.imported(standard) != nil {
		return standard
	}
	for _, spec := range f.file.Imports {
		name := f.pkgName(spec)
		if name == nil || name.Name() != standard {
			continue
		}
		is, as := name.Imported().Scope().Lookup("Is"), name.Imported().Scope().Lookup("As")
		if hasSignature(is, "func(error, error) bool") && hasSignature(as, "func(error, any) bool") {
			return importPath(spec)
		}
	}
	return standard
}

// ErrorsTaken reports whether the file imports another package under the name errors.
func (f *File) ErrorsTaken() bool {
	for _, spec := range f.file.Imports {
		if name := f.pkgName(spec); name != nil && name.Name() == "errors" && importPath(spec) != "errors" {
			return true
		}
	}
	return false
}

// hasSignature reports whether an object is a function of a type, written without the
// names of its parameters.
func hasSignature(obj types.Object, want string) bool {
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	bare := func(t *types.Tuple) *types.Tuple {
		var vars []*types.Var
		for v := range t.Variables() {
			vars = append(vars, types.NewParam(token.NoPos, nil, "", v.Type()))
		}
		return types.NewTuple(vars...)
	}
	sig := fn.Signature()
	text := types.TypeString(types.NewSignatureType(nil, nil, nil, bare(sig.Params()), bare(sig.Results()), sig.Variadic()), nil)
	return strings.ReplaceAll(text, "interface{}", "any") == want
}

func (f *File) imported(pkgPath string) *named {
	for _, spec := range f.file.Imports {
		if importPath(spec) != pkgPath {
			continue
		}
		if name := f.pkgName(spec); name != nil && name.Name() != "_" {
			if spec.Name != nil && spec.Name.Name == "." {
				return &named{name: "."}
			}
			return &named{name: name.Name()}
		}
		if spec.Name != nil && spec.Name.Name == "." {
			return &named{name: "."}
		}
	}
	return nil
}

// pkgName returns what an import declares, or nil.
func (f *File) pkgName(spec *ast.ImportSpec) *types.PkgName {
	var obj types.Object
	if spec.Name != nil {
		obj = f.pass.TypesInfo.Defs[spec.Name]
	} else {
		obj = f.pass.TypesInfo.Implicits[spec]
	}
	name, _ := obj.(*types.PkgName)
	return name
}

func importPath(spec *ast.ImportSpec) string {
	p, _ := strconv.Unquote(spec.Path.Value)
	return p
}

// declares reports whether anything in the file is declared by a name, which an
// import of that name could not be seen beneath.
func (f *File) declares(name string) bool {
	f.lookUp(f.pass.TypesInfo)
	return f.declared[name]
}

// freeName returns a name for a new import that means nothing yet, anywhere in
// the file: another fix, at another place, is to choose the same.
func (e *Edit) freeName(pkgPath string, pos token.Pos) string {
	base := path.Base(pkgPath)
	candidates := []string{base}
	if other := otherNames[pkgPath]; other != "" {
		candidates = append(candidates, other)
	}
	for i := 2; i < 10; i++ {
		candidates = append(candidates, base+strconv.Itoa(i))
	}
	for _, name := range candidates {
		if e.lookup(name, pos) == nil && e.pass.Pkg.Scope().Lookup(name) == nil && !e.declares(name) {
			return name
		}
	}
	e.Fail("no name is free for an import of " + pkgPath)
	return base
}

// lookup returns what name means at pos, or nil.
func (f *File) lookup(name string, pos token.Pos) types.Object {
	return Lookup(f.pass.Pkg, name, pos)
}

// Lookup returns what a name means at a position in a package, or nil.
func Lookup(pkg *types.Package, name string, pos token.Pos) types.Object {
	scope := pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// visible reports whether the name of an import, or the member of a dot
// import, means that at pos.
func (f *File) visible(use *named, pkgPath, member string, pos token.Pos) bool {
	switch {
	case use.new:
		return f.lookup(use.name, pos) == nil
	case use.name == ".":
		obj := f.lookup(member, pos)
		return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == pkgPath
	}
	name, ok := f.lookup(use.name, pos).(*types.PkgName)
	return ok && name.Imported().Path() == pkgPath
}

// settleImports adds the edits of the import declarations: those of packages
// that new text names, and the removal of those that are no longer used.
func (e *Edit) settleImports() {
	unused := e.unused()
	var added []string
	for p, use := range e.imports {
		if use.new {
			added = append(added, p)
		}
	}
	if len(added)+len(unused) == 0 {
		return
	}
	slices.Sort(added)
	l := e.importLines()
	if l == nil {
		e.Fail("the import declarations of the file have a layout that the fix cannot extend")
		return
	}
	for _, spec := range unused {
		l.remove(spec)
	}
	for _, p := range added {
		l.add(p, e.imports[p].name)
	}
	for _, edit := range l.edits() {
		e.ReplaceRange(edit.pos, edit.end, edit.text)
	}
}

// unused lists the imports whose last use is replaced.
func (e *Edit) unused() []*ast.ImportSpec {
	e.lookUp(e.pass.TypesInfo)
	gone := make(map[token.Pos]bool)
	replaced := make(map[*types.PkgName]int)
	for _, edit := range e.edits {
		for _, u := range e.usesIn(edit.Pos, edit.End) {
			if !gone[u.pos] && !e.keeps(u.pos) {
				gone[u.pos] = true
				replaced[u.name]++
			}
		}
	}
	var list []*ast.ImportSpec
	for _, spec := range e.file.Imports {
		name := e.pkgName(spec)
		if name == nil || replaced[name] == 0 || replaced[name] < e.counts[name] {
			continue
		}
		if use := e.imports[importPath(spec)]; use == nil || use.name != name.Name() {
			list = append(list, spec)
		}
	}
	return list
}

// keeps reports whether the identifier at pos is still used elsewhere, although it is
// replaced there.
func (e *Edit) keeps(pos token.Pos) bool {
	return slices.ContainsFunc(e.kept, func(s span) bool { return s.holds(pos) })
}

// isStandard reports whether an import path is one of the standard library.
func isStandard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}
