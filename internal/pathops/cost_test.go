package pathops_test

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/load"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/report"
)

// TestFactsGrowWithWrappers holds that a package has a fact for each function
// that a caller must see through and for no other, and that a facts file grows
// in step with those.
func TestFactsGrowWithWrappers(t *testing.T) {
	few := factsOf(t, 10, 20)
	if few.facts != 10 {
		t.Fatalf("%d facts for 10 wrappers", few.facts)
	}
	if more := factsOf(t, 10, 400); more != few {
		t.Errorf("with 400 plain functions %+v, with 20 %+v", more, few)
	}
	if double := factsOf(t, 20, 20); double.facts != 20 || double.bytes > few.bytes*21/10 {
		t.Errorf("20 wrappers: %+v, 10 wrappers: %+v", double, few)
	}
}

type cost struct{ facts, bytes int }

// factsOf returns the cost of the facts about a package of wrappers and of
// functions that touch no path.
func factsOf(t *testing.T, wrappers, plain int) cost {
	t.Helper()
	var src strings.Builder
	src.WriteString("package p\n\nimport \"os\"\n")
	for i := range wrappers {
		fmt.Fprintf(&src, "func Exists%04d(path string) bool { _, err := os.Stat(path); return err == nil }\n", i)
	}
	for i := range plain {
		fmt.Fprintf(&src, "func plain%d(n int) int { for n > %d { n /= 2 }; return n }\n", i, i)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src.String(), 0)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{file}, TypesInfo: load.NewInfo(0)}
	cfg := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if pass.Pkg, err = cfg.Check("example.com/p", fset, pass.Files, pass.TypesInfo); err != nil {
		t.Fatal(err)
	}
	s := &report.Settings{Fatal: true}
	c := cost{}
	for _, summary := range pathops.Summaries(pass, (*types.Func).Exported, s) {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(summary); err != nil {
			t.Fatal(err)
		}
		c.facts++
		c.bytes += b.Len()
	}
	if visited := int(s.Stats.Functions.Load()); visited != wrappers+plain+1 {
		t.Errorf("%d functions visited, want %d and the package's init", visited, wrappers+plain)
	}
	if s.Stats.SSA.Load() != 1 {
		t.Errorf("SSA was built %d times", s.Stats.SSA.Load())
	}
	return c
}
