package fdlife

import (
	"fmt"
	"strings"

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
	use := s.Op(f.Use)
	switch f.Aspect {
	case race.HandedOut:
		return use + " hands out a descriptor that is closed when its file is collected: nothing refers to the file any more"
	case race.ClosedFirst:
		return use + " yields a descriptor that the deferred Close closes before the caller has it"
	case race.Adopted:
		return use + " makes a second owner of the descriptor: when one of the two files is closed or collected, the other is left with a stranger's"
	case race.ClosedTwice:
		return use + " closes the descriptor behind the back of its file, which closes the number again when somebody else may have it"
	}
	return fmt.Sprintf("%s is the last use of its file, which may be collected, and its descriptor closed, while %s runs", use, strings.TrimPrefix(s.On(f.Check), "the "))
}
