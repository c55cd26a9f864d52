package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sampled are the rooms in which a function with a long condition shows the code that
// the condition is about. In the others it would help less: they are small, or about
// something else than Go code.
var sampled = []string{"driver", "fate", "fspath", "pass", "pathops", "race", "rewrite"}

// longCondition is the number of operands from which on a condition is long.
const longCondition = 4

// TestSamples checks that each function with a long condition has a sample, as
// CONTRIBUTING.md says: Go that it matches, and the twin that it lets pass.
func TestSamples(t *testing.T) {
	for _, room := range sampled {
		files, err := filepath.Glob(filepath.Join("..", room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		functions := 0
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			functions += len(f.Decls)
			for _, missing := range withoutSample(f) {
				t.Errorf("%s: %s has a condition of %d operands: give its parts names, or show above it a few lines of Go that it matches, and the twin that it lets pass",
					fset.Position(missing.at), missing.function, missing.operands)
			}
		}
		if functions == 0 {
			t.Errorf("no declarations in ../%s", room)
		}
	}
}

// TestWithoutSample checks what TestSamples finds, and what it lets pass.
func TestWithoutSample(t *testing.T) {
	const (
		long   = "return a && b || !c && d"
		sample = "// f does something.\n//\n//\tf(x)\n//\tg(x) // not\n"
	)
	for _, c := range []struct {
		name, doc, body string
		found           bool
	}{
		{"long", "// f does something.\n", long, true},
		{"no comment at all", "", long, true},
		{"in parentheses", "", "return a && (b || (c && d))", true},
		{"negated", "", "return !(a && b || c && d)", true},
		{"in an argument", "", "return a && g(a && b && c && d)", true},
		{"in a literal", "", "return g(func() bool { return a && b && c && d })", true},
		{"sample below", "", long + "\n" + sample, true},
		{"sample without a twin", "// f does something.\n//\n//\tf(x)\n", long, true},
		{"sample of another function", sample, "return a\n}\n\nfunc g() bool {\n" + long, true},

		{"short", "", "return a && b || !c", false},
		{"short ones in one statement", "", "return g(a && b, c && d)", false},
		{"sum", "", "return a + b + c + d", false},
		{"sample in the doc comment", sample, long, false},
		{"sample above the condition", "", sample + long, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := "package p\n\n" + c.doc + "func f() bool {\n" + c.body + "\n}\n"
			f, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if found := withoutSample(f); (len(found) == 1) != c.found {
				t.Errorf("found %d functions in\n%s", len(found), source)
			}
		})
	}
}

// unsampled is a function with a long condition and no sample.
type unsampled struct {
	function string
	at       token.Pos // of the condition
	operands int
}

// withoutSample lists the functions of a file that have a long condition, and no
// sample in their doc comment, nor in a comment in the function above the condition.
func withoutSample(f *ast.File) []unsampled {
	var list []unsampled
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil || isSample(fn.Doc) {
			continue
		}
		ast.Inspect(fn.Body, func(n ast.Node) bool {
			cond, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			count := operands(cond)
			if count < longCondition {
				return true
			}
			above := slices.ContainsFunc(f.Comments, func(c *ast.CommentGroup) bool {
				return fn.Body.Pos() < c.Pos() && c.End() < cond.Pos() && isSample(c)
			})
			if !above {
				list = append(list, unsampled{fn.Name.Name, cond.Pos(), count})
			}
			return above
		})
	}
	return list
}

// operands returns the number of operands of && and || in a condition: 1 if it is no
// such condition.
func operands(e ast.Expr) int {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return operands(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return operands(e.X)
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return operands(e.X) + operands(e.Y)
		}
	}
	return 1
}

// isSample reports whether a comment has lines of code in it, which are indented: one
// that is matched, and one that is not.
func isSample(c *ast.CommentGroup) bool {
	if c == nil {
		return false
	}
	code := 0
	for _, line := range c.List {
		if strings.HasPrefix(line.Text, "//\t") {
			code++
		}
	}
	return code >= 2
}
