package tornwrite

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
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
	return pass.New(e, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	return fmt.Sprintf("%s truncates the file before it writes: a crash, a full disk or a reader in between sees it empty or half-written", s.Op(f.Use))
}
