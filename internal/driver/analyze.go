package driver

import (
	"fmt"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// A result is what the passes said about the packages.
type result struct {
	graph  *checker.Graph
	errors []error // of passes that failed
}

// analyze runs the analyzers on the packages.
func analyze(analyzers []*analysis.Analyzer, pkgs []*packages.Package) (*result, error) {
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		return nil, err
	}
	r := &result{graph: graph}
	for _, act := range graph.Roots {
		if act.Err != nil {
			r.errors = append(r.errors, fmt.Errorf("%s: %s: %w", act.Package.PkgPath, act.Analyzer.Name, act.Err))
		}
	}
	return r, nil
}
