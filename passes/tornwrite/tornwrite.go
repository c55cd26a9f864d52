package tornwrite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "tornwrite",
	Title: "a file that will be read back is truncated and rewritten in place",
	CWE:   []int{662, 367},
	Doc:   "a file that will be read back is truncated and rewritten in place",
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
