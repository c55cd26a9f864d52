package fspath_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// build returns the functions of a file of testdata, literals included.
func build(t *testing.T, file string) (*token.FileSet, []*ssa.Function) {
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
	var functions []*ssa.Function
	for fn := range ssautil.AllFunctions(pkg.Prog) {
		if fn.Pkg == pkg && fn.Synthetic == "" {
			functions = append(functions, fn)
		}
	}
	slices.SortFunc(functions, func(a, b *ssa.Function) int { return int(a.Pos() - b.Pos()) })
	return fset, functions
}

// claim is a call of same or differ in the test data.
type claim struct {
	pos  token.Pos
	same bool
	a, b ssa.Value
}

func claims(functions []*ssa.Function) []claim {
	var list []claim
	for call := range calls(functions) {
		switch name := call.Common().StaticCallee().Name(); name {
		case "same", "differ":
			args := call.Common().Args
			list = append(list, claim{call.Pos(), name == "same", args[0], args[1]})
		}
	}
	return list
}

// calls iterates over the static calls in functions.
func calls(functions []*ssa.Function) func(yield func(*ssa.Call) bool) {
	return func(yield func(*ssa.Call) bool) {
		for _, fn := range functions {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(*ssa.Call)
					if ok && call.Common().StaticCallee() != nil && !yield(call) {
						return
					}
				}
			}
		}
	}
}

// number returns a numbering that knows of files opened by os.Open, as pathops
// does.
func number(functions []*ssa.Function) *fspath.Numbering {
	n := fspath.NewNumbering(functions, nil)
	for call := range calls(functions) {
		if call.Common().StaticCallee().String() != "os.Open" {
			continue
		}
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == 0 {
				n.SetOpened(n.Of(x), n.Of(call.Common().Args[0]))
			}
		}
	}
	return n
}

// TestSame holds the claims of the test data.
func TestSame(t *testing.T) {
	fset, functions := build(t, "same.go")
	n := number(functions)
	all := claims(functions)
	if len(all) < 40 {
		t.Fatalf("only %d claims", len(all))
	}
	for _, c := range all {
		if got := n.Of(c.a) == n.Of(c.b); got != c.same {
			t.Errorf("%s: same = %v: %s and %s", fset.Position(c.pos), got, n.Of(c.a), n.Of(c.b))
		}
	}
}

// TestFile holds the claims about spellings of one path.
func TestFile(t *testing.T) {
	fset, functions := build(t, "file.go")
	n := number(functions)
	all := claims(functions)
	if len(all) < 15 {
		t.Fatalf("only %d claims", len(all))
	}
	for _, c := range all {
		a, b := n.File(n.Of(c.a), false), n.File(n.Of(c.b), false)
		if got := a == b; got != c.same {
			t.Errorf("%s: same = %v: %s and %s", fset.Position(c.pos), got, a, b)
		}
	}
	// Where the working directory changes, an absolute path is another one.
	for _, c := range all {
		v := n.Of(c.b)
		reads := !v.Walk(func(w *fspath.Value) bool { return w.Name != "path/filepath.Abs" })
		if file := n.File(v, true); reads && file == n.File(n.Of(c.a), true) {
			t.Errorf("%s: %s and %s are one where the working directory changes", fset.Position(c.pos), n.Of(c.a), v)
		}
	}
}

// TestOrder checks that what is equal does not depend on what is compared first.
func TestOrder(t *testing.T) {
	_, functions := build(t, "same.go")
	var values []ssa.Value
	for _, c := range claims(functions) {
		values = append(values, c.a, c.b)
	}
	forward, backward := number(functions), number(functions)
	for _, v := range values {
		forward.Of(v)
	}
	for _, v := range slices.Backward(values) {
		backward.Of(v)
	}
	for _, v := range values {
		if first, again := forward.Of(v), forward.Of(v); first != again {
			t.Errorf("%s is not the same as itself", v)
		}
		for _, w := range values {
			if f, b := forward.Of(v) == forward.Of(w), backward.Of(v) == backward.Of(w); f != b {
				t.Errorf("%s and %s of %s: same = %v forwards, %v backwards", v, w, v.Parent(), f, b)
			}
		}
	}
}

// TestExport checks what a path is in terms of the parameters, and that a
// caller gets the same path back from it.
func TestExport(t *testing.T) {
	_, functions := build(t, "export.go")
	n := fspath.NewNumbering(functions, nil)
	want := map[string]string{
		"param":     `0`,
		"second":    `1`,
		"join":      `filepath.Join(0, "x")`,
		"concat":    `0+".lock"`,
		"field":     `0.path`,
		"joinField": `filepath.Join(0.dir, 1)`,
		"global":    `p.base`,
		"constant":  `"/etc/x"`,
		"assigned":  ``, // the field is not what it was when the function was called
		"local":     ``, // a result of a call that nothing is known of
	}
	for _, fn := range functions {
		text, ok := want[fn.Name()]
		if !ok {
			continue
		}
		delete(want, fn.Name())
		last := fn.Blocks[len(fn.Blocks)-1]
		ret := last.Instrs[len(last.Instrs)-1].(*ssa.Return)
		got := ""
		if e := fspath.Export(n.Of(ret.Results[0]), fn); e != nil {
			got = e.String()
		}
		if got != text {
			t.Errorf("%s yields %q, want %q", fn.Name(), got, text)
		}
	}
	for name := range want {
		t.Errorf("no function %s", name)
	}

	// What a callee does to its parameters' paths, the caller sees.
	n.Result = func(c *ssa.CallCommon, i int) *fspath.Expr {
		callee := c.StaticCallee()
		if callee == nil || len(callee.Blocks) == 0 {
			return nil
		}
		last := callee.Blocks[len(callee.Blocks)-1]
		ret, ok := last.Instrs[len(last.Instrs)-1].(*ssa.Return)
		if !ok || i >= len(ret.Results) {
			return nil
		}
		return fspath.Export(n.Of(ret.Results[i]), callee)
	}
	n.Forget()
	all := claims(functions)
	if len(all) == 0 {
		t.Fatal("no claims")
	}
	for _, c := range all {
		if got := n.Of(c.a) == n.Of(c.b); got != c.same {
			t.Errorf("same = %v: %s and %s", got, n.Of(c.a), n.Of(c.b))
		}
	}
}
