package fdlife

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to keep the file alive while its descriptor is used.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	if f.Aspect != race.Unowned {
		return nil, "only the author can decide which of the two owners should close the descriptor"
	}
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	c := s.Direct(f.Use)
	if c == nil {
		return nil, rewrite.Indirect
	}
	plan, why := s.KeepAlive(c)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Keep the file alive while its descriptor is used")
}
