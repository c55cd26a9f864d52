package fdlife

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to keep the file alive while its descriptor is used.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	if f.Aspect != race.Unowned {
		return nil
	}
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil
	}
	c := s.Direct(f.Use)
	if c == nil || !s.KeepAlive(c) {
		return nil
	}
	return s.Fix("Keep the file alive while its descriptor is used")
}
