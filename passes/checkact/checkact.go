package checkact

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "checkact",
	Title: "a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it",
	CWE:   []int{367, 363},
	Doc:   "a path is inspected, then removed, renamed, chmodded, executed or connected to on the strength of it",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s races", s.Op(f.Use))
}
