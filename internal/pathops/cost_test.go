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
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/load"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
)

// TestFactsGrowWithWrappers checks that a package has a fact for each function
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

// TestWhatIsAFact checks which functions have facts: those that other packages can
// call, and of a module that another requires no methods that are there to be chained.
func TestWhatIsAFact(t *testing.T) {
	const src = `package p

import (
	"os"
	"path/filepath"
)

type Store struct{ dir string }

func (s *Store) Path(name string) string { return filepath.Join(s.dir, name) }
func (s *Store) Has(name string) bool    { return exists(s.Path(name)) }
func (s *Store) Quiet() *Store           { return s }
func (s *Store) drop(name string) error  { return os.Remove(s.Path(name)) }

func exists(path string) bool { _, err := os.Stat(path); return err == nil }
func Home() string            { return os.Getenv("HOME") }
func Fatal(err error)         { println(err.Error()); os.Exit(1) }
`
	own := []string{"(*example.com/p.Store).Has", "(*example.com/p.Store).Path", "(*example.com/p.Store).Quiet", "example.com/p.Fatal", "example.com/p.Home"}
	required := slices.DeleteFunc(slices.Clone(own), func(name string) bool { return strings.HasSuffix(name, ".Quiet") })
	for version, want := range map[string][]string{"": own, "v1.2.3": required} {
		module := &analysis.Module{Path: "example.com/p", Version: version}
		summaries := summariesOf(t, src, module, new(env.Env))
		if got := slices.Sorted(maps.Keys(summaries)); !slices.Equal(got, want) {
			t.Errorf("in version %q: facts of %q, want %q", version, got, want)
		}
	}
}

// summariesOf returns the facts of a package.
func summariesOf(t *testing.T, src string, module *analysis.Module, e *env.Env) map[string]*pathops.Summary {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{Fset: fset, Files: []*ast.File{file}, TypesInfo: load.NewInfo(0), Module: module}
	cfg := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if pass.Pkg, err = cfg.Check("example.com/p", fset, pass.Files, pass.TypesInfo); err != nil {
		t.Fatal(err)
	}
	e.Fatal = true
	return pathops.Summaries(pass, (*types.Func).Exported, new(settings.Settings), e)
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
	e := new(env.Env)
	c := cost{}
	for _, summary := range summariesOf(t, src.String(), nil, e) {
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(summary); err != nil {
			t.Fatal(err)
		}
		c.facts++
		c.bytes += b.Len()
	}
	if visited := int(e.Stats.Functions.Load()); visited != wrappers+plain+1 {
		t.Errorf("%d functions visited, want %d and the package's init", visited, wrappers+plain)
	}
	if e.Stats.SSA.Load() != 1 {
		t.Errorf("SSA was built %d times", e.Stats.SSA.Load())
	}
	return c
}
