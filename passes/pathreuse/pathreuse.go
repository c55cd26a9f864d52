package pathreuse

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "pathreuse",
	Title: "a file is open, and its path is looked up again",
	CWE:   []int{367},
	Doc:   "a file is open, and its path is looked up again",
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
