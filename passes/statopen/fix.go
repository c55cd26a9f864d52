package statopen

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to have the open take the branch of the check where the file is
// absent, or not what the check lets pass. The check stays: without it the
// program might do otherwise where the path cannot be inspected, or what is
// there not be read.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	switch {
	case s == nil:
		return nil
	case f.Aspect == race.Existence:
		return vanished(s, f)
	}
	return asked(s, f)
}

// asked has the open file answer what the path was asked for. A link that the
// check has found is followed by the open, so its answer is of another file.
func asked(s *rewrite.Site, f *race.Finding) []analysis.SuggestedFix {
	c := s.Direct(f.Use)
	if c == nil || f.Check.Row.Has(fsapi.NoFollow) || !s.Quiet(f.Check, c) || !s.AskAgain(f.Check, c) {
		return nil
	}
	return s.Fix("Ask the open file for its " + string(f.Aspect))
}

// vanished has the open of what is gone take the branch of what was absent.
func vanished(s *rewrite.Site, f *race.Finding) []analysis.SuggestedFix {
	if !s.Fails(f.Use, fate.Absent, fate.ErrNotExist) || !s.TellsOnlyOfPath(f.Use) {
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
	block := s.Other(f.Check, fate.Absent, c)
	if above := s.AboveDeclarations(c); block == nil && above != nil {
		c, block = above, s.Other(f.Check, fate.Absent, above)
	}
	if block == nil || !s.HandleFirst(c, "ErrNotExist", block) {
		return nil
	}
	return s.Fix("Handle a file that has vanished like one that is absent")
}
