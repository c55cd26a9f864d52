package fdlife

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "fdlife",
	Title: "a file descriptor is used after its file may have been closed",
	CWE:   []int{416, 1341},
	Doc:   "a file descriptor is used after its file may have been closed",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, nil)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s races", s.Op(f.Use))
}
