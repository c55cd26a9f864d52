package passes_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/passes"
)

// BenchmarkPackage runs the suite on one package, which is loaded already: what
// an editor waits for after each edit. One package works with files, one does
// not, and the last row has an analyzer that does next to nothing.
func BenchmarkPackage(b *testing.B) {
	suite := passes.New(&passes.Settings{Helper: "always", Fatal: true})
	for _, bench := range []struct {
		name, path string
		analyzers  []*analysis.Analyzer
	}{
		{"files", "github.com/edcacfbd/toctou/internal/driver", suite},
		{"nofiles", "github.com/edcacfbd/toctou/internal/race", suite},
		{"idle", "github.com/edcacfbd/toctou/internal/driver", []*analysis.Analyzer{inspect.Analyzer}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule}, bench.path)
			if err != nil {
				b.Fatal(err)
			}
			for _, pkg := range pkgs {
				if len(pkg.Errors) > 0 {
					b.Fatal(pkg.Errors)
				}
				pkg.Imports = nil // they have no syntax
			}
			for b.Loop() {
				graph, err := checker.Analyze(bench.analyzers, pkgs, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, root := range graph.Roots {
					if root.Err != nil {
						b.Fatal(root.Err)
					}
				}
			}
		})
	}
}
