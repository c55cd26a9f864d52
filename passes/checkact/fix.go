package checkact

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to accept that the removal finds nothing. The check stays: if it finds
// nothing, the program may do more than return.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	if f.Aspect != race.Existence {
		return nil, "the call depends on what the check found about the file, and no single call does both"
	}
	c := s.Direct(f.Use)
	switch {
	case c == nil:
		return nil, s.Within(f.Use)
	case f.Use.Effect != fsapi.Remove:
		return nil, rewrite.NoRewrite
	case s.Reaches(f.Check, fate.Absent, f.Use):
		return nil, rewrite.PassesAnyway
	case !s.Quiet(f.Check, c):
		return nil, rewrite.OtherChange
	}
	plan, why := s.TolerateAbsence(c)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Ignore fs.ErrNotExist from " + s.Text(c.Fun))
}
