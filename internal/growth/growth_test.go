package growth_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/growth"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

// load loads the packages of a module, given their sources by name.
func load(t testing.TB, sources map[string]string) map[string]*packages.Package {
	t.Helper()
	dir := t.TempDir()
	sources[""] = ""
	for name, src := range sources {
		file, text := "p.go", src
		if name == "" {
			file, text = "go.mod", "module m\n\ngo 1.25\n"
		}
		if err := os.MkdirAll(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	mode := packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedTypes |
		packages.NeedTypesSizes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule | packages.NeedExportFile
	pkgs, err := packages.Load(&packages.Config{Dir: dir, Mode: mode}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	loaded := make(map[string]*packages.Package)
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		for path, imp := range pkg.Imports {
			if imp.Module == nil {
				delete(pkg.Imports, path) // the standard library, which has no syntax here
			}
		}
		loaded[filepath.Base(pkg.PkgPath)] = pkg
	}
	return loaded
}

// analyze runs all passes over packages, and returns what that has cost.
func analyze(t *testing.T, pkgs ...*packages.Package) *env.Stats {
	t.Helper()
	stats, _ := analyzeAs(t, passtest.Suite(settings.Settings{Strict: true}), pkgs...)
	return stats
}

// analyzeAs is analyze with a suite of one's own. It returns the diagnostics, too.
func analyzeAs(t testing.TB, suite *pass.Suite, pkgs ...*packages.Package) (stats *env.Stats, found []analysis.Diagnostic) {
	t.Helper()
	graph, err := checker.Analyze(passes.Of(suite), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		found = append(found, act.Diagnostics...)
	}
	return &suite.Env.Stats, found
}

// TestCounts checks that four times the program is four times the work, in
// functions looked at, blocks walked and memory taken, unless a bound has cut in,
// which is counted then.
func TestCounts(t *testing.T) {
	const small, large = 100, 400
	sources := make(map[string]string)
	for i, s := range growth.Shapes {
		for _, n := range []int{small, large} {
			sources[fmt.Sprintf("s%dn%d", i, n)] = s.Source(n)
		}
	}
	pkgs := load(t, sources)
	for i, s := range growth.Shapes {
		t.Run(s.Name, func(t *testing.T) {
			var few, many *env.Stats
			smallBytes := allocated(func() { few = analyze(t, pkgs[fmt.Sprintf("s%dn%d", i, small)]) })
			largeBytes := allocated(func() { many = analyze(t, pkgs[fmt.Sprintf("s%dn%d", i, large)]) })
			linear := func(name string, few, many int64) {
				const constant = 50 // of a run, whatever the size
				if most := few*large/small + constant; many > most {
					t.Errorf("%s: %d, and %d for four times the program", name, few, many)
				}
			}
			linear("functions", few.Functions.Load(), many.Functions.Load())
			if s.Linear {
				linear("steps", few.Steps.Load(), many.Steps.Load())
				if many.Partly.Load() > 0 {
					t.Errorf("%d functions are looked at in part", many.Partly.Load())
				}
				// What takes memory over and over takes time, too, and counts nothing.
				if most := smallBytes * large / small * 3 / 2; !s.Long && largeBytes > most {
					t.Errorf("bytes allocated: %d, and %d for four times the program", smallBytes, largeBytes)
				}
			}
		})
	}
}

// TestPackages checks that n packages cost n times what one does.
func TestPackages(t *testing.T) {
	const n = 40
	sources := map[string]string{"p0": "package p0\n\nimport \"os\"\n\nfunc F(path string) error { _, err := os.Stat(path); return err }\n"}
	for i := 1; i < n; i++ {
		sources[fmt.Sprintf("p%d", i)] = fmt.Sprintf("package p%d\n\nimport \"m/p%d\"\n\nfunc F(path string) error { return p%d.F(path) }\n", i, i-1, i-1)
	}
	pkgs := load(t, sources)
	s := analyze(t, pkgs[fmt.Sprintf("p%d", n-1)])
	for name, got := range map[string]int64{"packages": s.Packages.Load(), "SSA": s.SSA.Load(), "facts": s.Facts.Load()} {
		if got != n {
			t.Errorf("%s: %d, want %d", name, got, n)
		}
	}
	if most := int64(20 * n); s.Steps.Load() > most {
		t.Errorf("%d steps, want %d at most", s.Steps.Load(), most)
	}
}

// TestBoundIsTold checks that a function that is looked at in part is counted,
// and named with -debug.
func TestBoundIsTold(t *testing.T) {
	var shape growth.Shape
	for _, s := range growth.Shapes {
		if s.Name == "checks and uses of one path" {
			shape = s
		}
	}
	pkgs := load(t, map[string]string{"large": shape.Source(1000)})
	var told []string
	suite := passtest.Suite(settings.Settings{Strict: true})
	suite.Env.Debug = func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	if _, err := checker.Analyze(passes.Of(suite), []*packages.Package{pkgs["large"]}, nil); err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, line := range told {
		if strings.Contains(line, "m/large.f is analyzed only in part") {
			named++
		}
	}
	if suite.Env.Stats.Partly.Load() != 1 || named != 1 {
		t.Errorf("counted %d, named %d", suite.Env.Stats.Partly.Load(), named)
	}
}

// allocated returns how many bytes are allocated while f runs.
func allocated(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}
