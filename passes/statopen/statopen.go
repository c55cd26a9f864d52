package statopen

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
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
	return pass.New(e, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	check := s.On(f.Check)
	if f.Aspect != race.Existence {
		return fmt.Sprintf("%s may open another file than the one whose %s was checked by %s", s.Op(f.Use), f.Aspect, check)
	}
	return fmt.Sprintf("%s fails if the file vanishes after %s, which handles its absence", s.Op(f.Use), check)
}
