package tempname

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
	use := s.Op(f.Use)
	switch f.Aspect {
	case race.Aside:
		return fmt.Sprintf("%s writes to a temporary whose name follows from its target's, and which two processes then share", use)
	case race.Elsewhere:
		return fmt.Sprintf("%s moves a temporary to another directory, which fails if that is on another file system", use)
	case race.Unsynced:
		return fmt.Sprintf("%s publishes a file that was not synced, which a crash may leave empty", use)
	case race.SyncError:
		return fmt.Sprintf("the error of %s is dropped, and with it the news that the content is lost", use)
	}
	if f.Check != nil {
		return fmt.Sprintf("%s takes the name that %s has freed, which anybody can have taken by then", use, s.On(f.Check))
	}
	switch f.Use.Effect {
	case fsapi.MakeDir, fsapi.MakeDirAll:
		return fmt.Sprintf("%s accepts a directory that another user has made under a name in the shared temporary directory", use)
	case fsapi.CreateKeep:
		return fmt.Sprintf("%s writes to what another user has put under a name in the shared temporary directory", use)
	}
	return fmt.Sprintf("%s truncates what another user has put under a name in the shared temporary directory", use)
}
