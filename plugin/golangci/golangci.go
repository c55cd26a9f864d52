// Package golangci makes the passes of toctou a linter of golangci-lint, by its
// module plugin system: a golangci-lint that is built with an import of this
// package knows a custom linter toctou. See docs/golangci.md.
package golangci

import (
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/passes"
)

func init() {
	register.Plugin("toctou", New)
}

// New returns the linter with the settings that stand under
// linters.settings.custom.toctou.settings in .golangci.yml.
func New(conf any) (register.LinterPlugin, error) {
	s, err := decode(conf)
	if err != nil {
		return nil, err
	}
	analyzers, err := s.analyzers()
	if err != nil {
		return nil, err
	}
	return linter(analyzers), nil
}

// linter is the suite, as the settings cut it down.
type linter []*analysis.Analyzer

// BuildAnalyzers implements register.LinterPlugin.
func (l linter) BuildAnalyzers() ([]*analysis.Analyzer, error) { return l, nil }

// GetLoadMode implements register.LinterPlugin. In this mode golangci-lint
// computes facts, too.
func (linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// analyzers returns the passes that the settings leave on, set up and made fit
// for golangci-lint.
func (s *settings) analyzers() ([]*analysis.Analyzer, error) {
	shared := &passes.Settings{
		Strict:  s.Strict,
		Tests:   s.Tests,
		NoFacts: !s.Facts,
		// Whether findings in generated files are shown is for golangci-lint to
		// say: linters.exclusions.generated.
		Generated: true,
	}
	if err := shared.SetHelper(s.Helper); err != nil {
		return nil, errorf("helper: %w", err)
	}
	all := passes.New(shared)
	on, err := s.selection(all)
	if err != nil {
		return nil, err
	}
	if err := s.setStrict(all); err != nil {
		return nil, err
	}
	for _, a := range on {
		simplify(a)
	}
	return on, nil
}

// simplify cuts down what a pass reports to what golangci-lint can use: it
// makes an issue of its own out of each related position, and with --fix it
// applies all of the alternative fixes together.
func simplify(a *analysis.Analyzer) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		simple := *pass
		simple.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			d.SuggestedFixes = d.SuggestedFixes[:min(1, len(d.SuggestedFixes))]
			pass.Report(d)
		}
		return run(&simple)
	}
}
