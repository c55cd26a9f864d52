package writechmod

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "writechmod",
	Title: "a file is created first and protected afterwards, by path",
	CWE:   []int{276, 732, 367},
	Doc:   "a file is created first and protected afterwards, by path",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	create := s.On(f.Check)
	if f.Use.Effect == fsapi.SetOwner {
		return fmt.Sprintf("%s sets the owner of whatever is there by now: until then, what %s made has the wrong one", s.Op(f.Use), create)
	}
	return fmt.Sprintf("%s comes late: what %s made has another mode until then", s.Op(f.Use), create)
}
