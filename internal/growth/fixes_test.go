package growth_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/settings"
)

// TestFixes checks that the cost of a finding with its fixes does not depend on
// what else is in its package: not on a table of a megabyte in the same file, such
// as
//
//	var names = []string{ … }
//
// The bytes that a hundred more findings allocate must be about the same with the
// table and without. Each fix type-checked the whole package once, which made
// that a hundred times the table.
func TestFixes(t *testing.T) {
	const few, more, values = 10, 110, 20_000
	sources := make(map[string]string)
	for _, n := range []int{few, more} {
		sources[fmt.Sprintf("plain%d", n)] = creates(n, 0)
		sources[fmt.Sprintf("table%d", n)] = creates(n, values)
	}
	pkgs := load(t, sources)
	for _, helper := range []string{"always", "never"} {
		t.Run("helper="+helper, func(t *testing.T) {
			cost := func(name string) int64 {
				return allocated(func() {
					if n := analyseWithFixes(t, helper, pkgs[name]); n == 0 && helper == "always" {
						t.Error("no finding has a fix")
					}
				})
			}
			plain := cost(fmt.Sprintf("plain%d", more)) - cost(fmt.Sprintf("plain%d", few))
			table := cost(fmt.Sprintf("table%d", more)) - cost(fmt.Sprintf("table%d", few))
			t.Logf("%d more findings allocate %d bytes, and %d beside a table", more-few, plain, table)
			if table > plain*3/2 {
				t.Errorf("%d more findings allocate %d bytes, and %d beside a table", more-few, plain, table)
			}
		})
	}
}

// BenchmarkFixes measures an analysis with the fixes of a hundred findings in a
// package that has a table of a megabyte.
func BenchmarkFixes(b *testing.B) {
	pkg := load(b, map[string]string{"table": creates(100, 20_000)})["table"]
	for b.Loop() {
		analyseWithFixes(b, "always", pkg)
	}
}

// analyseWithFixes runs all passes over a package as the command line does: our
// tests try each fix on the whole package, too. It returns how many findings have
// a fix.
func analyseWithFixes(t testing.TB, helper string, pkg *packages.Package) (fixed int) {
	t.Helper()
	s := pass.NewSuite(&settings.Settings{Helper: helper}, new(env.Env))
	s.Advise = true
	stats, found := analyzeAs(t, s, pkg)
	if stats.Recovered.Load() > 0 {
		t.Error("a pass has given up")
	}
	for _, d := range found {
		fixed += min(1, len(d.SuggestedFixes))
	}
	return fixed
}

// creates is a package with n findings that have fixes, and a table of so many
// values.
func creates(n, values int) string {
	w := new(strings.Builder)
	w.WriteString("package p\n\nimport \"os\"\n\nvar names = []string{\n")
	for i := range values {
		fmt.Fprintf(w, "\t\"one of a great many values that are written out, number %d\",\n", i)
	}
	w.WriteString("}\n\n")
	for i := range n {
		fmt.Fprintf(w, "func create%d(path string, data []byte) error {\n\tif err := os.WriteFile(path, data, 0o644); err != nil {\n\t\treturn err\n\t}\n\treturn os.Chmod(path, 0o600)\n}\n\n", i)
	}
	return w.String()
}
