package fate_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/edcacfbd/toctou/internal/fate"
)

// build returns the package of a file of testdata.
func build(t *testing.T, file string) *ssa.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "testdata/"+file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	conf := &types.Config{Importer: importer.Default()}
	pkg, _, err := ssautil.BuildPackage(conf, fset, types.NewPackage("p", "p"), []*ast.File{f}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// knowledge knows the functions that the test data declares without a body.
type knowledge struct{}

func (knowledge) Outcomes(call ssa.CallInstruction, args fate.Tuple, s fate.State) ([]fate.Outcome, bool) {
	callee := call.Common().StaticCallee()
	if callee == nil {
		return nil, false
	}
	answer := func(a fate.Abs) ([]fate.Outcome, bool) {
		return []fate.Outcome{{Results: fate.Tuple{a}, State: s}}, true
	}
	switch callee.Name() {
	case "stat", "open":
		switch s {
		case fate.Absent:
			return answer(fate.ErrNotExist)
		case fate.Denied:
			return answer(fate.ErrOther)
		}
		return answer(fate.Nil)
	case "mode":
		return answer(map[fate.State]fate.Abs{fate.File: fate.InfoFile, fate.Dir: fate.InfoDir, fate.Special: fate.InfoOdd}[s])
	case "read":
		if s == fate.File {
			return answer(fate.Filled)
		}
		return answer(fate.Nil)
	case "create":
		return []fate.Outcome{{Results: fate.Tuple{fate.Nil}, State: fate.File}}, true
	case "fork":
		return []fate.Outcome{{Results: fate.Tuple{fate.Nil}, State: s}, {Results: fate.Tuple{fate.ErrOther}, State: s}}, true
	case "isNotExist":
		if is, known := fate.Is(args[0], fate.ErrNotExist); known {
			return answer(fate.Bool(is))
		}
	case "wrap":
		return answer(args[0])
	case "exit":
		return nil, true
	}
	return nil, false
}

func (knowledge) Effort() *fate.Effort { return nil }

func (knowledge) Sentinel(v ssa.Value) fate.Abs {
	if load, ok := v.(*ssa.UnOp); ok {
		if g, ok := load.X.(*ssa.Global); ok && g.Name() == "errNotExist" {
			return fate.ErrNotExist
		}
	}
	return fate.Unknown
}

// show writes ends as words, sorted: "nil, notexist, exit".
func show(ends fate.Ends) string {
	names := map[fate.Abs]string{
		fate.Unknown: "?", fate.Nil: "nil", fate.NonNil: "error", fate.ErrNotExist: "notexist",
		fate.ErrExist: "exist", fate.ErrOther: "other", fate.True: "true", fate.False: "false",
	}
	var all []string
	for _, e := range ends.All {
		if e.Return == nil {
			all = append(all, "exit")
			continue
		}
		var results []string
		for _, r := range e.Results {
			results = append(results, names[r])
		}
		all = append(all, strings.Join(results, "+"))
	}
	if len(all) == 0 {
		all = append(all, "never")
	}
	slices.Sort(all)
	if ends.Overflow {
		all = append(all, "overflow")
	}
	return strings.Join(slices.Compact(all), ", ")
}

// TestWalk walks each function of the test data in each state, and checks how
// it ends against its comment: "absent: nil; file: other".
func TestWalk(t *testing.T) {
	pkg := build(t, "walk.go")
	states := map[string]fate.State{"absent": fate.Absent, "file": fate.File, "dir": fate.Dir, "denied": fate.Denied, "special": fate.Special}
	seen := 0
	for fn, want := range comments(t, pkg, "walk.go") {
		for claim := range strings.SplitSeq(want, ";") {
			name, ends, ok := strings.Cut(strings.TrimSpace(claim), ": ")
			state, known := states[name]
			if !ok || !known {
				t.Errorf("%s: bad claim %q", fn.Name(), claim)
				continue
			}
			seen++
			walk := fate.Walk{Know: knowledge{}}
			if got := show(walk.FromEntry(fn, state)); got != ends {
				t.Errorf("%s, %s: ends with %s, want %s", fn.Name(), name, got, ends)
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d claims", seen)
	}
}

// comments returns, by function, the last line of its comment.
func comments(t *testing.T, pkg *ssa.Package, file string) map[*ssa.Function]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "testdata/"+file, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[*ssa.Function]string)
	for _, decl := range f.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Doc != nil && decl.Body != nil {
			lines := strings.Split(strings.TrimSpace(decl.Doc.Text()), "\n")
			all[pkg.Func(decl.Name.Name)] = lines[len(lines)-1]
		}
	}
	return all
}

// TestDisturb checks how a function ends when the path changes before its
// second call, where it would end otherwise without it.
func TestDisturb(t *testing.T) {
	pkg := build(t, "disturb.go")
	for fn, want := range comments(t, pkg, "disturb.go") {
		var open ssa.CallInstruction
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if call, ok := instr.(*ssa.Call); ok {
					if callee := call.Common().StaticCallee(); callee != nil && callee.Name() == "open" {
						open = call
					}
				}
			}
		}
		walk := fate.Walk{Know: knowledge{}, Disturb: open, After: fate.Absent}
		ends := walk.FromEntry(fn, fate.File)
		if got := show(ends.Disturbed()); got != want {
			t.Errorf("%s: ends with %s, want %s", fn.Name(), got, want)
		}
	}
}

// TestOverflow checks that a walk that is given up concludes nothing.
func TestOverflow(t *testing.T) {
	var src strings.Builder
	src.WriteString("package p\nfunc fork() error\nfunc f() error {\n")
	// Each error is looked at once more at the end, so that none can be
	// forgotten: there are as many states as there are subsets.
	for i := range 20 {
		name := "e" + string(rune('a'+i))
		src.WriteString(name + " := fork()\n")
	}
	for range 2 {
		for i := range 20 {
			name := "e" + string(rune('a'+i))
			src.WriteString("if " + name + " != nil { println(" + name + ") }\n")
		}
	}
	src.WriteString("return nil\n}\n")
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src.String(), parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{}, fset, types.NewPackage("p", "p"), []*ast.File{f}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	walk := fate.Walk{Know: knowledge{}}
	ends := walk.FromEntry(pkg.Func("f"), fate.File)
	if !ends.Overflow {
		t.Error("the walk was not given up")
	}
	if ends.AllFail() {
		t.Error("a walk that was given up claims that all ends fail")
	}
}

// TestRow checks that branches in a row on results that are not tested again
// do not multiply.
func TestRow(t *testing.T) {
	var src strings.Builder
	src.WriteString("package p\nfunc fork() error\nfunc f() error {\n")
	for range 200 {
		src.WriteString("if err := fork(); err != nil { return err }\n")
	}
	src.WriteString("return nil\n}\n")
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", src.String(), parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{}, fset, types.NewPackage("p", "p"), []*ast.File{f}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatal(err)
	}
	walk := fate.Walk{Know: knowledge{}}
	if got := show(walk.FromEntry(pkg.Func("f"), fate.File)); got != "nil, other" {
		t.Errorf("ends with %s, want nil, other", got)
	}
}

// TestIs compares the classes of errors with each other.
func TestIs(t *testing.T) {
	tests := []struct {
		err, class fate.Abs
		is, known  bool
	}{
		{fate.ErrNotExist, fate.ErrNotExist, true, true},
		{fate.ErrExist, fate.ErrNotExist, false, true},
		{fate.ErrOther, fate.ErrExist, false, true},
		{fate.Nil, fate.ErrExist, false, true},
		{fate.NonNil, fate.ErrNotExist, false, false},
		{fate.Unknown, fate.ErrNotExist, false, false},
		{fate.ErrNotExist, fate.Unknown, false, false},
	}
	for _, test := range tests {
		is, known := fate.Is(test.err, test.class)
		if is != test.is || known != test.known {
			t.Errorf("Is(%v, %v) = %v, %v, want %v, %v", test.err, test.class, is, known, test.is, test.known)
		}
	}
}
