package statopen

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to have the open take the branch of the check where the file is
// absent, or not what the check lets pass. The check stays: without it the
// program might do otherwise where the path cannot be inspected, or what is
// there not be read.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	switch {
	case s == nil:
		return nil, rewrite.NoSource
	case f.Aspect == race.Existence:
		return vanished(s, f)
	}
	return query(s, f)
}

// query offers to query the open file instead of the path. The open follows a link that
// the check has found, so its metadata may belong to a different file.
func query(s *rewrite.Site, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	c := s.Direct(f.Use)
	switch {
	case c == nil:
		return nil, s.Within(f.Use)
	case f.Check.Row.Has(fsapi.NoFollow):
		return nil, rewrite.LinkItself
	case !s.Quiet(f.Check, c):
		return nil, rewrite.OtherChange
	}
	plan, why := s.StatOpenedFile(f.Check, c)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Check the " + string(f.Aspect) + " of the open file")
}

// vanished has the open of what is gone take the branch of what was absent.
//
// A link that leads nowhere is there for the check and absent for the use, if the
// check does not follow it: then there is no fix.
func vanished(s *rewrite.Site, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	c := s.Call(f.Use)
	switch {
	case f.Check.Row.Has(fsapi.NoFollow):
		return nil, rewrite.LinkItself
	case s.Reaches(f.Check, fate.Absent, f.Use):
		return nil, rewrite.PassesAnyway
	case c == nil:
		return nil, rewrite.OtherFile
	case !s.Quiet(f.Check, c):
		return nil, rewrite.OtherChange
	}
	block := s.BranchFor(f.Check, fate.Absent, c)
	if above := s.HoistAbove(c); block == nil && above != nil {
		c, block = above, s.BranchFor(f.Check, fate.Absent, above)
	}
	says := s.Fails(f.Use, fate.Absent, fate.ErrNotExist) && s.ErrorIsOfPath(f.Use)
	if h := s.Handling(c); h != nil && says && (block == nil || block.Len() > 1) {
		plan, why := s.GuardRest(f.Check, fate.Absent, c, h, "ErrNotExist")
		if why == "" {
			return plan.Offer("Skip a file that has vanished like one that is absent")
		}
		if block == nil {
			return nil, why
		}
	}
	if block == nil {
		return nil, rewrite.NoBranch
	}
	if s.ReturnsPath(block, c) {
		return nil, "the branch for an absent file uses the path itself as the content"
	}
	var plan *rewrite.Plan
	var why fix.Refusal
	if says {
		plan, why = s.RepeatBranch(c, "ErrNotExist", block)
	} else {
		plan, why = s.RepeatCheck(f.Check, c, block)
	}
	if why != "" {
		return nil, why
	}
	return plan.Offer("Handle a removed file like an absent one")
}
