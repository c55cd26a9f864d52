package race

import (
	"go/ast"
	"regexp"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/severity"
)

// TestReasons checks that each reason is complete, and that its ID is no other's.
func TestReasons(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	byID := make(map[string]Reason)
	for _, r := range allReasons() {
		if !kebab.MatchString(r.ID) {
			t.Errorf("%q is no ID: want words in lower case, joined by hyphens", r.ID)
		}
		if _, ok := byID[r.ID]; ok {
			t.Errorf("%s: two rows have the ID, or a row is listed twice", r.ID)
		}
		byID[r.ID] = r
		if r.Text == "" {
			t.Errorf("%s: no text", r.ID)
		}
		if (r.Level == Silent) != (r.Severity == severity.None) {
			t.Errorf("%s: level %s, severity %q; a reason has a severity if somebody sees it", r.ID, r.Level, r.Severity)
		}
	}
}

// TestReasonsListed checks that the table of rules lists each reason that the
// package declares.
func TestReasonsListed(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax}, ".")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, r := range allReasons() {
		listed = append(listed, r.ID)
	}
	declared := 0
	for _, file := range pkgs[0].Syntax {
		for lit := range reasonsIn(file) {
			declared++
			if !slices.Contains(listed, lit) {
				t.Errorf("%s: the table of rules does not list the reason %s", pkgs[0].Fset.Position(file.Pos()).Filename, lit)
			}
		}
	}
	if declared == 0 {
		t.Error("no reasons are declared")
	}
}

// reasonsIn iterates over the IDs of the reasons that a file declares at its top level.
func reasonsIn(file *ast.File) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range gen.Specs {
				vs, ok := spec.(*ast.ValueSpec)
				if !ok {
					continue
				}
				for _, v := range vs.Values {
					lit, ok := v.(*ast.CompositeLit)
					if !ok {
						continue
					}
					if name, ok := lit.Type.(*ast.Ident); !ok || name.Name != "Reason" || len(lit.Elts) == 0 {
						continue
					}
					if id, ok := lit.Elts[0].(*ast.BasicLit); ok && !yield(id.Value[1:len(id.Value)-1]) {
						return
					}
				}
			}
		}
	}
}

func allReasons() []Reason {
	all := slices.Clone(common)
	for _, r := range rules {
		all = append(all, r.reasons...)
	}
	return all
}
