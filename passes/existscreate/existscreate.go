package existscreate

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "existscreate",
	Title: "a path is found absent, then created over whatever is there by then",
	CWE:   []int{367, 59},
	Doc:   "a path is found absent, then created over whatever is there by then",
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
