package tempname

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "tempname",
	Title: "a temporary file has a name that others can foresee, or is not where it must be to be renamed",
	CWE:   []int{377, 379, 367},
	Doc:   "a temporary file has a name that others can foresee, or is not where it must be to be renamed",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s races", s.Op(f.Use))
}
