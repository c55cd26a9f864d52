package lostupdate

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "lostupdate",
	Title: "a file is read, changed and written back with no lock",
	CWE:   []int{362, 367},
	Doc:   "a file is read, changed and written back with no lock",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s loses what another process writes after %s: the new content is made from the old, with no lock over both", s.Op(f.Use), s.On(f.Check))
}
