package statopen

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "statopen",
	Title: "a path is inspected, then opened, and the outcomes differ when it changes in between",
	CWE:   []int{367},
	Doc:   "a path is inspected, then opened, and the outcomes differ when it changes in between",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     Rule.Name,
		Doc:      Rule.Title + "\n\n" + Rule.Doc,
		URL:      Rule.URL(),
		Requires: []*analysis.Analyzer{e.Analyzer},
		Run:      func(pass *analysis.Pass) (any, error) { return nil, nil },
	}
}
