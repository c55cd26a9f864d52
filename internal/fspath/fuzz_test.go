package fspath_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/edcacfbd/toctou/internal/fspath"
)

// expression is a path that is computed from two parameters, as source and as a
// function.
type expression struct {
	source string
	value  func(a, b string) string
}

// unary and binary are what expressions are made of, all of them pure.
var (
	unary = []struct {
		source string
		value  func(string) string
	}{
		{"filepath.Clean(%s)", filepath.Clean},
		{"filepath.Dir(%s)", filepath.Dir},
		{"filepath.Base(%s)", filepath.Base},
		{"filepath.ToSlash(%s)", filepath.ToSlash},
		{"filepath.FromSlash(%s)", filepath.FromSlash},
		{"filepath.Join(%s)", func(s string) string { return filepath.Join(s) }},
		{"path.Clean(%s)", path.Clean},
		{"path.Dir(%s)", path.Dir},
		{"path.Base(%s)", path.Base},
		{"string([]byte(%s))", func(s string) string { return s }},
	}
	binary = []struct {
		source string
		value  func(s, t string) string
	}{
		{"filepath.Join(%s, %s)", func(s, t string) string { return filepath.Join(s, t) }},
		{"path.Join(%s, %s)", func(s, t string) string { return path.Join(s, t) }},
		{"(%s + %s)", func(s, t string) string { return s + t }},
		{`fmt.Sprintf("%%s/%%s", %s, %s)`, func(s, t string) string { return s + "/" + t }},
	}
	leaves = []string{"", ".", "..", "/", "x", "x/..", "/x/", "./x", "//x", "x/y", "../x"}
)

// grow makes an expression out of bytes, and returns what is left of them.
func grow(data []byte, depth int) (expression, []byte) {
	if len(data) == 0 || depth == 0 {
		return expression{"a", func(a, _ string) string { return a }}, data
	}
	kind, data := int(data[0]), data[1:]
	switch n := kind / 4; kind % 4 {
	case 0:
		op := unary[n%len(unary)]
		x, data := grow(data, depth-1)
		return expression{fmt.Sprintf(op.source, x.source), func(a, b string) string {
			return op.value(x.value(a, b))
		}}, data
	case 1:
		op := binary[n%len(binary)]
		x, data := grow(data, depth-1)
		y, data := grow(data, depth-1)
		return expression{fmt.Sprintf(op.source, x.source, y.source), func(a, b string) string {
			return op.value(x.value(a, b), y.value(a, b))
		}}, data
	case 2:
		text := leaves[n%len(leaves)]
		return expression{fmt.Sprintf("%q", text), func(string, string) string { return text }}, data
	}
	if n := kind / 4; n%2 == 1 {
		return expression{"b", func(_, b string) string { return b }}, data
	}
	return expression{"a", func(a, _ string) string { return a }}, data
}

// library imports the packages that expressions name, once.
var library = sync.OnceValue(importer.Default)

// numbersOf numbers the results of a function with these statements.
func numbersOf(t *testing.T, body string) (*fspath.Numbering, []*fspath.Value) {
	t.Helper()
	source := "package p\n\nimport (\n\t\"fmt\"\n\t\"path\"\n\t\"path/filepath\"\n)\n\nvar _, _, _ = fmt.Sprint, path.Join, filepath.Join\n\n" +
		"func f(a, b string) (string, string, string) {\n" + body + "\n}\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: library()}, fset, types.NewPackage("p", "p"), []*ast.File{file}, ssa.BuilderMode(0))
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	fn := pkg.Func("f")
	n := fspath.NewNumbering([]*ssa.Function{fn}, nil)
	var values []*fspath.Value
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			for _, r := range ret.Results {
				values = append(values, n.Of(r))
			}
		}
	}
	return n, values
}

// FuzzIdentity holds the laws of identity on expressions: one written twice is
// one path; what it is computed from may have a name of its own; and two that are
// considered one path give the same string whatever the parameters are.
func FuzzIdentity(f *testing.F) {
	f.Add([]byte{1, 3, 10}, []byte{0, 1, 3, 10}, "dir", "name")      // Join and Clean of it
	f.Add([]byte{1, 3, 7}, []byte{0, 1, 3, 7}, "", "")               // the same, where all may be empty
	f.Add([]byte{1, 1, 3, 7, 18}, []byte{1, 3, 1, 7, 18}, "/", "..") // nested to the left and to the right
	f.Add([]byte{1, 3, 10}, []byte{1, 1, 3, 10, 2}, "", "")          // an empty element
	f.Add([]byte{9, 3, 14}, []byte{1, 3, 18}, "a/", "b")             // + and Join
	f.Add([]byte{4, 1, 3, 18}, []byte{0, 3}, "a/b", "")              // Dir of Join
	f.Add([]byte{1, 1, 3, 18, 10}, []byte{0, 3}, "x", "..")          // x/.. beneath
	f.Add([]byte{5, 3, 18}, []byte{1, 3, 18}, "a", "b")              // path and filepath
	f.Add([]byte{9, 9, 3, 2, 7}, []byte{9, 3, 7}, "a", "b")          // + of the empty string
	f.Add([]byte{13, 3, 7}, []byte{9, 9, 3, 14, 7}, "a", "b")        // Sprintf and +
	f.Add([]byte{1, 22, 3}, []byte{1, 10, 1, 30, 3}, "a", "")        // constants joined
	f.Fuzz(func(t *testing.T, left, right []byte, a, b string) {
		const depth = 6
		x, _ := grow(left, depth)
		y, _ := grow(right, depth)
		// The second result is the first computed again, from copies of the
		// parameters.
		n, values := numbersOf(t, "\tc, d := a, b\n\tx := "+x.source+
			"\n\ty := "+y.source+"\n\ta, b = c, d\n\tz := "+x.source+"\n\treturn x, z, y")
		if len(values) != 3 {
			t.Fatalf("%d results", len(values))
		}
		if values[0] != values[1] {
			t.Errorf("%s, computed twice, has two numbers: %s and %s", x.source, values[0], values[1])
		}
		for _, v := range values {
			if !n.MayBe(v, v) {
				t.Errorf("%s may not be itself", v)
			}
		}
		if values[0] != values[2] {
			return
		}
		if !n.MayBe(values[2], values[0]) || !n.MayBe(values[0], values[2]) {
			t.Errorf("%s and %s are one path, and may not be", x.source, y.source)
		}
		for _, a := range append([]string{a}, leaves...) {
			for _, b := range append([]string{b}, leaves...) {
				if strings.Contains(a+b, "\x00") {
					continue
				}
				if p, q := x.value(a, b), y.value(a, b); p != q {
					t.Fatalf("%s and %s are held to be one path: with a = %q and b = %q they are %q and %q", x.source, y.source, a, b, p, q)
				}
			}
		}
	})
}
