package driver

import (
	"fmt"
	"io"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
)

// printStats writes the counts of a run, in one line that names the package
// if the run was for one alone.
func printStats(w io.Writer, pkg string, s *env.Stats) {
	if pkg != "" {
		pkg += ": "
	}
	fmt.Fprintf(w, "toctou: stats: %spackages=%d ssa=%d functions=%d steps=%d partly=%d facts=%d parsed=%d checked=%d recovered=%d again=%d\n", pkg,
		s.Packages.Load(), s.SSA.Load(), s.Functions.Load(), s.Steps.Load(), s.Partly.Load(), s.Facts.Load(), s.Parsed.Load(), s.Checked.Load(), s.Recovered.Load(), s.Again.Load())
}

// statsAnalyzer returns an analyzer that prints the counts of a package once
// all others are done. The go command's tool exits from within unitchecker,
// so nothing but an analyzer gets to run there after them.
func statsAnalyzer(w io.Writer, s *env.Stats, others []*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "toctoustats",
		Doc:      "print counts",
		Requires: others,
		Run: func(pass *analysis.Pass) (any, error) {
			printStats(w, pass.Pkg.Path(), s)
			return nil, nil
		},
	}
}
