package walkrace

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "walkrace",
	Title: "an entry found by walking a directory tree is changed or opened by its path",
	CWE:   []int{367, 59},
	Doc:   "an entry found by walking a directory tree is changed or opened by its path",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s races", s.Op(f.Use))
}
