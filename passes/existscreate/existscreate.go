package existscreate

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
	Name:  "existscreate",
	Title: "a path is found absent, then created over whatever is there by then",
	CWE:   []int{367, 59},
	Doc:   "a path is found absent, then created over whatever is there by then",
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	return pass.New(e, Rule, message, fixes)
}

func message(s *pass.Speaker, f *race.Finding) string {
	check := s.On(f.Check)
	switch f.Use.Effect {
	case fsapi.MakeDir:
		return fmt.Sprintf("%s fails if the directory appears after %s", s.Op(f.Use), check)
	case fsapi.MakeDirAll:
		return fmt.Sprintf("%s accepts a directory that appears after %s", s.Op(f.Use), check)
	case fsapi.Link:
		return fmt.Sprintf("%s fails if something appears after %s", s.Op(f.Use), check)
	case fsapi.Replace, fsapi.CreateAtomic:
		return fmt.Sprintf("%s replaces a file that appears after %s", s.Op(f.Use), check)
	case fsapi.CreateKeep:
		return fmt.Sprintf("%s writes into a file that appears after %s", s.Op(f.Use), check)
	}
	return fmt.Sprintf("%s truncates a file that appears after %s", s.Op(f.Use), check)
}
