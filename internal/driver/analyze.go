package driver

import (
	"cmp"
	"fmt"
	"io"
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

// A finding is one diagnostic, as it is printed.
type finding struct {
	file         string
	line, column int
	pass         string
	message      string
}

// findings returns the diagnostics in the order of their files, which are
// named as seen from dir, each once.
func (r *result) findings(dir string) []finding {
	var list []finding
	for _, act := range r.graph.Roots {
		for _, d := range act.Diagnostics {
			pos := act.Package.Fset.Position(d.Pos)
			list = append(list, finding{relative(dir, pos.Filename), pos.Line, pos.Column, act.Analyzer.Name, d.Message})
		}
	}
	slices.SortFunc(list, finding.compare)
	return slices.Compact(list)
}

// compare orders findings by place, then by pass.
func (f finding) compare(g finding) int {
	return cmp.Or(
		cmp.Compare(f.file, g.file),
		cmp.Compare(f.line, g.line),
		cmp.Compare(f.column, g.column),
		cmp.Compare(f.pass, g.pass),
		cmp.Compare(f.message, g.message),
	)
}

// printPlain writes one finding a line.
func printPlain(w io.Writer, findings []finding) error {
	for _, f := range findings {
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s (%s)\n", f.file, f.line, f.column, oneLine(f.message), f.pass); err != nil {
			return err
		}
	}
	return nil
}

// printJSON writes the diagnostics with their fixes as go vet -json does.
func (r *result) printJSON(w io.Writer) error { return r.graph.PrintJSON(w) }
