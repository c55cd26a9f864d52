package suppress_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/suppress"
)

// FuzzSuppression checks what any comment may do: it suppresses on its own line
// and the one below alone, only with a reason, and only for the passes that it
// lists.
func FuzzSuppression(f *testing.F) {
	f.Add("//toctou:ignore one process only")
	f.Add("//toctou:ignore statopen,tornwrite one process only")
	f.Add("//toctou:ignore statopen")
	f.Add("//toctou:ignore ,")
	f.Add("//toctou:ignore\tstatopen\treason")
	f.Add("//toctou:ignore statopen, reason // want `x`")
	f.Add("/*toctou:ignore reason*/")
	f.Add("//toctou:ignored reason")
	f.Add("//toctou:ignor\re reason")
	f.Fuzz(func(t *testing.T, comment string) {
		if !strings.HasPrefix(comment, "//") && !strings.HasPrefix(comment, "/*") {
			comment = "//" + comment
		}
		source := "package a\n\nvar before = 0\n\nvar at = 0 " + comment + "\n\nvar below = 0\n"
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "a.go", source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || len(file.Decls) != 3 {
			t.Skip() // the comment is no comment
		}
		files := suppress.NewFiles(&analysis.Pass{Fset: fset, Files: []*ast.File{file}}, new(settings.Settings), passes)
		for _, decl := range []ast.Decl{file.Decls[0], file.Decls[2]} {
			if files.Suppressed("statopen", decl.Pos()) != nil {
				t.Errorf("%q reaches too far", comment)
			}
		}
		ignore := files.Suppressed("statopen", file.Decls[1].Pos())
		if ignore == nil {
			return
		}
		comment = strings.ReplaceAll(comment, "\r", "") // go/scanner takes them out
		if !strings.HasPrefix(comment, "//toctou:ignore") {
			t.Errorf("%q suppresses", comment)
		}
		if strings.TrimSpace(ignore.Reason) == "" {
			t.Errorf("%q suppresses without a reason", comment)
		}
		for _, name := range ignore.Passes {
			if !strings.Contains(comment, name) {
				t.Errorf("%q lists no %s", comment, name)
			}
		}
		if len(ignore.Passes) > 0 && files.Suppressed("no such pass", file.Decls[1].Pos()) != nil {
			t.Errorf("%q suppresses what it does not list", comment)
		}
	})
}
