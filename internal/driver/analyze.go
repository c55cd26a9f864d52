package driver

import (
	"fmt"
	"io"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/finding"
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

// printPlain writes one finding a line.
func printPlain(w io.Writer, findings []*finding.Finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s (%s)\n", f.Use.File, f.Use.Start.Line, f.Use.Start.Column, oneLine(f.Message), f.Rule); err != nil {
			return err
		}
	}
	return nil
}

// printJSON writes the diagnostics with their fixes as go vet -json does.
func (r *result) printJSON(w io.Writer) error { return r.graph.PrintJSON(w) }
