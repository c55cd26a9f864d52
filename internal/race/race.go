// Package race pairs operations on paths, asks whether each pair matters, and
// gives each exactly one kind.
package race

import (
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/report"
)

// Engine is what the passes of one suite share: one analyzer that computes
// the findings of all kinds, and the settings.
type Engine struct {
	Analyzer *analysis.Analyzer // its result is a *Result
	Settings *report.Settings
}

// Result holds the findings of one package.
type Result struct{}

// New returns an engine with settings of its own.
func New(s *report.Settings) *Engine {
	return &Engine{
		Settings: s,
		Analyzer: &analysis.Analyzer{
			Name:       "toctouraces",
			Doc:        "pair operations on paths",
			ResultType: reflect.TypeFor[*Result](),
			Run:        func(*analysis.Pass) (any, error) { return &Result{}, nil },
		},
	}
}
