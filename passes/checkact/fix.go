package checkact

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to be content with a removal that finds nothing any more. The
// check stays: where it finds nothing the program may do more than that.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	if s == nil || f.Aspect != race.Existence {
		return nil
	}
	c := s.Direct(f.Use)
	if c == nil || c.Name != "os.Remove" || s.Reaches(f.Check, fate.Absent, f.Use) || !s.Quiet(f.Check, c) || !s.ContentWithAbsence(c) {
		return nil
	}
	return s.Fix("Take it for success that nothing is there to remove")
}
