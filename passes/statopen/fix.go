package statopen

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to have the open take the branch of the check where the file is
// absent. The check stays: without it the program might do otherwise where the
// path cannot be inspected.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	if s == nil || f.Aspect != race.Existence || !s.Fails(f.Use, fate.Absent, fate.ErrNotExist) {
		return nil
	}
	// A link that leads nowhere is there for the check and absent for the use,
	// if the check does not follow it.
	if f.Check.Row.Has(fsapi.NoFollow) || s.Reaches(f.Check, fate.Absent, f.Use) {
		return nil
	}
	c := s.Call(f.Use)
	if c == nil || !s.Quiet(f.Check, c) {
		return nil
	}
	h := s.Handling(c)
	block := s.Other(f.Check, fate.Absent, c)
	if h == nil || block == nil {
		return nil
	}
	s.HandleFirst(h, "ErrNotExist", block)
	return s.Fix("Handle a file that has vanished like one that is absent")
}
