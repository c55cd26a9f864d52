package pathreuse

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
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
	return pass.New(e, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s looks the path up again and may find another file than the one that %s has open", s.Op(f.Use), s.On(f.Check))
}
