package driver

import (
	"fmt"
	"go/types"
	"slices"

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
	graph, err := checker.Analyze(append(slices.Clip(analyzers), releaser(analyzers)), pkgs, nil)
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

// releaser returns an analyzer that drops what the others have worked out of a
// package once all of them are done with it, and the syntax. The framework
// keeps that to the end of the run, for all packages: several times the memory
// of what is left, the types.
func releaser(others []*analysis.Analyzer) *analysis.Analyzer {
	requires := slices.Clone(others)
	for _, a := range others {
		for _, req := range a.Requires {
			if !slices.Contains(requires, req) {
				requires = append(requires, req)
			}
		}
	}
	return &analysis.Analyzer{
		Name:     "toctourelease",
		Doc:      "drop what is no longer needed",
		Requires: requires,
		Run: func(pass *analysis.Pass) (any, error) {
			for _, result := range pass.ResultOf {
				if r, ok := result.(interface{ Release() }); ok {
					r.Release()
				}
			}
			clear(pass.Files) // the package's own list
			*pass.TypesInfo = types.Info{}
			return nil, nil
		},
	}
}
