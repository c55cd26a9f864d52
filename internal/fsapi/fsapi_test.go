package fsapi

import (
	"go/build"
	"go/importer"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// everyRow calls f for each row of the table.
func everyRow(f func(row *Func)) {
	for _, rows := range tables {
		for i := range rows {
			f(&rows[i])
		}
	}
}

// isStandard reports whether a package of this path is the standard library's.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// fullName is what (*types.Func).FullName can return for an exported
// function: of a package, of a type, of a pointer to a type.
var fullName = regexp.MustCompile(`^(` +
	`[a-z][\w./-]*\.[A-Z]\w*|` +
	`\([a-z][\w./-]*\.\w+\)\.[A-Z]\w*|` +
	`\(\*[a-z][\w./-]*\.\w+\)\.[A-Z]\w*)$`)

func TestNames(t *testing.T) {
	seen := make(map[string]bool)
	everyRow(func(row *Func) {
		if !fullName.MatchString(row.Name) {
			t.Errorf("%s: no full name of a function", row.Name)
		}
		if seen[row.Name] {
			t.Errorf("%s: two rows", row.Name)
		}
		seen[row.Name] = true
		if Lookup(row.Name) != row {
			t.Errorf("%s: Lookup finds another row", row.Name)
		}
		checkFields(t, row)
	})
	for i := range Shapes {
		row := &Shapes[i]
		if !token.IsExported(row.Name) || ShapeOf(row.Name) != row {
			t.Errorf("%s: malformed or two shapes", row.Name)
		}
		checkFields(t, row)
	}
}

// checkFields compares the fields of a row with each other.
func checkFields(t *testing.T, row *Func) {
	byFlags := false
	for _, op := range row.Ops {
		byFlags = byFlags || op.Effect == ByFlags
		if op.Arg < Recv || op.Effect == 0 || op.Effect > ByFlags {
			t.Errorf("%s: malformed operation %v", row.Name, op)
		}
		if op.Arg == 0 && row.Has(AtDir) {
			t.Errorf("%s: no argument is before the first", row.Name)
		}
	}
	if byFlags != (row.Flags > 0) {
		t.Errorf("%s: ByFlags and Flags go together", row.Name)
	}
	if row.Network > 0 && len(row.Ops) == 0 {
		t.Errorf("%s: a network without an address", row.Name)
	}
	hasOp := slices.ContainsFunc(row.Ops, func(op Op) bool { return op.Arg != Recv })
	if row.Gives == Handle && !hasOp {
		t.Errorf("%s: a handle without a path", row.Name)
	}
}

func TestPackages(t *testing.T) {
	for path, want := range map[string]bool{
		"os": true, "io/fs": true, "path/filepath": true, "net": true, "net/http": true,
		"golang.org/x/sys/unix": true,
		"fmt":                   false, "errors": false, "log": false, "path": false, "strings": false,
		"encoding/json": false, "sync": false, "flag": false,
	} {
		if got := Packages()[path]; got != want {
			t.Errorf("Packages()[%q] = %t, want %t", path, got, want)
		}
	}
}

// A universe is the standard library as it is on one operating system.
type universe struct{ types.Importer }

// newUniverse type-checks from source, without bodies, so that it needs no
// compiled packages and can look at another operating system.
func newUniverse(goos string) universe {
	// The importer takes the address of build.Default, so each universe must
	// be done with before the next is begun.
	build.Default.GOOS = goos
	build.Default.CgoEnabled = false
	return universe{importer.ForCompiler(token.NewFileSet(), "source", nil)}
}

// find returns the function with the full name, or nil.
func (u universe) find(name string) *types.Func {
	pkg, err := u.Import(PackagePath(name))
	if pkg == nil || err != nil {
		return nil
	}
	typeName, method, isMethod := splitMethod(name)
	if !isMethod {
		fn, _ := pkg.Scope().Lookup(name[strings.LastIndexByte(name, '.')+1:]).(*types.Func)
		return fn
	}
	typ := pkg.Scope().Lookup(typeName)
	if typ == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(typ.Type(), true, pkg, method)
	fn, _ := obj.(*types.Func)
	return fn
}

// splitMethod splits (*os.File).Stat into File and Stat.
func splitMethod(name string) (typeName, method string, ok bool) {
	recv, method, ok := strings.Cut(name, ").")
	return recv[strings.LastIndexByte(recv, '.')+1:], method, ok
}

// checkSignature compares a row with the real function.
func checkSignature(t *testing.T, row *Func, fn *types.Func) {
	if got := fn.FullName(); got != row.Name {
		t.Errorf("%s: its full name is %s", row.Name, got)
	}
	sig := fn.Signature()
	param := func(i int, what string, ok func(types.Type) bool) {
		if i >= sig.Params().Len() || !ok(sig.Params().At(i).Type()) {
			t.Errorf("%s: argument %d is no %s in %s", row.Name, i, what, sig)
		}
	}
	for _, op := range row.Ops {
		if op.Arg == Recv {
			if sig.Recv() == nil {
				t.Errorf("%s: no receiver", row.Name)
			}
			continue
		}
		param(op.Arg, "path", func(typ types.Type) bool {
			if row.Field != "" {
				field, _, _ := types.LookupFieldOrMethod(typ, true, nil, row.Field)
				return field != nil && isPath(field.Type(), false)
			}
			variadic := sig.Variadic() && op.Arg == sig.Params().Len()-1
			return isPath(typ, variadic)
		})
	}
	if row.Flags > 0 {
		param(row.Flags, "flags", isBasic(types.IsInteger))
	}
	if row.Perm > 0 {
		param(row.Perm, "mode", isBasic(types.IsUnsigned))
	}
	if row.Data > 0 {
		param(row.Data, "content", isContent)
	}
	if row.Network > 0 {
		param(row.Network-1, "network", isBasic(types.IsString))
	}
	if row.Gives != 0 || row.From != 0 && !setsVariable(sig) {
		if sig.Results().Len() == 0 {
			t.Errorf("%s: gives nothing", row.Name)
		} else if why := misgiven(row.Gives, sig.Results().At(0).Type()); why != "" {
			t.Errorf("%s: gives no %s in %s", row.Name, why, sig)
		}
	}
}

// isPath accepts strings, and what Windows takes and any-typed loaders too.
func isPath(typ types.Type, variadic bool) bool {
	if slice, ok := typ.(*types.Slice); ok && variadic {
		typ = slice.Elem()
	}
	if ptr, ok := typ.(*types.Pointer); ok {
		return types.Identical(ptr.Elem(), types.Typ[types.Uint16])
	}
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

// isContent accepts bytes, a string or a reader.
func isContent(typ types.Type) bool {
	if types.IsInterface(typ) {
		return true
	}
	if slice, ok := typ.Underlying().(*types.Slice); ok {
		return types.Identical(slice.Elem(), types.Typ[types.Byte])
	}
	return isBasic(types.IsString)(typ)
}

// misgiven says what a first result of the type cannot be, "" if all is well.
func misgiven(gives Result, typ types.Type) string {
	typ = types.Unalias(typ)
	switch gives {
	case Exists, IsDir, IsRegular:
		if !isBasic(types.IsBoolean)(typ) {
			return "bool"
		}
	case Name, NewDir, NewPath, EntryName:
		if !isBasic(types.IsString)(typ) {
			return "string"
		}
	case Entries, EntryNames, EntryPaths:
		if _, ok := typ.Underlying().(*types.Slice); !ok {
			return "slice"
		}
	case Info:
		if !types.IsInterface(typ) {
			return "FileInfo"
		}
	}
	return ""
}

// systems are those whose syscall packages the table has rows for.
var systems = []string{"linux", "darwin", "windows"}

func TestStandardLibrary(t *testing.T) {
	saved := build.Default
	defer func() { build.Default = saved }()

	missing := make(map[string]bool)
	found := make(map[string]bool)
	for _, goos := range systems {
		u := newUniverse(goos)
		everyRow(func(row *Func) {
			path := PackagePath(row.Name)
			// Only syscall differs between systems.
			if !isStandard(path) || found[row.Name] || goos != "linux" && path != "syscall" {
				return
			}
			if fn := u.find(row.Name); fn != nil {
				found[row.Name] = true
				checkSignature(t, row, fn)
			} else {
				missing[row.Name] = true
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		if !found[name] {
			t.Errorf("%s: no such function", name)
		}
	}
}

// leftOut are the functions of os that take a name and need no row, and why.
var leftOut = map[string]string{
	"os.NewSyscallError": "the name of a system call",
}

func TestOSIsComplete(t *testing.T) {
	saved := build.Default
	defer func() { build.Default = saved }()

	pkg, err := newUniverse("linux").Import("os")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"name", "path", "dir", "oldname", "newname", "oldpath", "newpath"}
	check := func(fn *types.Func) {
		for v := range fn.Signature().Params().Variables() {
			if !slices.Contains(names, v.Name()) || !isBasic(types.IsString)(v.Type()) {
				continue
			}
			if Lookup(fn.FullName()) == nil && leftOut[fn.FullName()] == "" {
				t.Errorf("%s: takes a %s, and has no row", fn.FullName(), v.Name())
			}
		}
	}
	for _, name := range pkg.Scope().Names() {
		switch obj := pkg.Scope().Lookup(name).(type) {
		case *types.Func:
			if obj.Exported() {
				check(obj)
			}
		case *types.TypeName:
			named, ok := obj.Type().(*types.Named)
			if !ok || !obj.Exported() {
				continue
			}
			for m := range named.Methods() {
				if m.Exported() {
					check(m)
				}
			}
		}
	}
}

func TestSentinels(t *testing.T) {
	saved := build.Default
	defer func() { build.Default = saved }()

	found := make(map[string]bool)
	for _, goos := range systems {
		u := newUniverse(goos)
		for name := range sentinels {
			pkg, err := u.Import(PackagePath(name))
			if err == nil && pkg.Scope().Lookup(name[strings.LastIndexByte(name, '.')+1:]) != nil {
				found[name] = true
			}
		}
	}
	for name := range sentinels {
		if isStandard(PackagePath(name)) && !found[name] {
			t.Errorf("%s: no such value", name)
		}
	}
	for name, want := range map[string]ErrClass{"io/fs.ErrExist": Exist, "syscall.ENOENT": NotExist, "io.EOF": 0} {
		if got := Sentinel(name); got != want {
			t.Errorf("Sentinel(%q) = %d, want %d", name, got, want)
		}
	}
}

// setsVariable reports whether a function returns a path through the address of
// a string, as flag.StringVar does.
func setsVariable(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if p, ok := v.Type().(*types.Pointer); ok && types.Identical(p.Elem(), types.Typ[types.String]) {
			return true
		}
	}
	return false
}
