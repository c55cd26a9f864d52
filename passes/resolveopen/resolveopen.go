package resolveopen

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "resolveopen",
	Title: "a path is resolved and found to lie within a directory, then used by its name",
	CWE:   []int{59, 22, 367},
	Doc:   "a path is resolved and found to lie within a directory, then used by its name",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s races", s.Op(f.Use))
}
