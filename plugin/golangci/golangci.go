// Package golangci makes the passes of toctou a linter of golangci-lint, by its
// module plugin system: a golangci-lint that is built with an import of this
// package knows a custom linter toctou. See docs/golangci.md.
package golangci

import (
	"errors"
	"fmt"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"go.yaml.in/yaml/v3"
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/config"
	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/passes"
)

func init() {
	register.Plugin("toctou", New)
}

// New returns the linter with the settings below
// linters.settings.custom.toctou.settings in .golangci.yml.
func New(conf any) (register.LinterPlugin, error) {
	analyzers, err := configured(conf)
	if err != nil {
		// What golangci-lint puts before it does not say that it is about them.
		return nil, fmt.Errorf("settings of toctou: %w", err)
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

// configured returns the passes that the settings leave on, set up and made
// fit for golangci-lint. The settings are those of .toctou.yml, but for what
// golangci-lint decides itself.
func configured(conf any) ([]*analysis.Analyzer, error) {
	shared := &passes.Settings{Generated: true}
	suite := pass.NewSuite(shared, new(env.Env))
	all := passes.Of(suite)
	s, err := parse(conf, all)
	if err != nil {
		return nil, err
	}
	switch {
	case s.Generated != nil:
		return nil, errors.New("generated: use linters.exclusions.generated, which applies to all linters")
	case len(s.Paths) > 0:
		return nil, errors.New("paths: use linters.exclusions.rules, which applies to all linters")
	case len(s.Exclude) > 0:
		return nil, errors.New("exclude: use linters.exclusions.paths, which applies to all linters")
	}
	if err := s.Apply(shared, nil); err != nil {
		return nil, err
	}
	on, err := selected(all, s.Passes)
	if err != nil {
		return nil, err
	}
	suite.Runs = func(k race.Kind) bool { return s.Passes[string(k)] != config.Off }
	for _, a := range on {
		simplify(a)
	}
	return on, nil
}

// parse reads the settings, a part of the YAML file that golangci-lint has read
// already.
func parse(conf any, all []*analysis.Analyzer) (*config.Settings, error) {
	if conf == nil {
		return new(config.Settings), nil
	}
	text, err := yaml.Marshal(conf)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range all {
		names = append(names, a.Name)
	}
	s, err := config.Parse("", text, names)
	var wrong *config.Error
	if errors.As(err, &wrong) && wrong.Line > 0 {
		// The line's number is none of the file that the user has.
		line := strings.Split(string(text), "\n")[wrong.Line-1]
		return nil, fmt.Errorf("%w (at %s)", wrong.Err, strings.TrimSpace(line))
	}
	return s, err
}

// selected returns the passes that are not switched off, in strict mode if the choices
// say so.
func selected(all []*analysis.Analyzer, choices map[string]config.Choice) ([]*analysis.Analyzer, error) {
	var on []*analysis.Analyzer
	for _, a := range all {
		switch choices[a.Name] {
		case config.Off:
			continue
		case config.Strict:
			if err := a.Flags.Set("strict", "true"); err != nil {
				return nil, fmt.Errorf("the pass %s has no strict mode", a.Name)
			}
		}
		on = append(on, a)
	}
	if len(on) == 0 {
		return nil, errors.New("all passes are off: remove toctou from linters.enable instead")
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
