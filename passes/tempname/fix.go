package tempname

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers a name that no other user can predict, or the directory of the target.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	switch {
	case f.Aspect == race.Elsewhere:
		return beside(s)
	case f.Aspect == race.Existence && f.Check == nil, f.Aspect == race.Aside:
		return random(s, f)
	}
	return nil, rewrite.NoRewrite
}

// beside creates the temporary in the directory of its target.
func beside(s *rewrite.Site) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, why := s.TempBesideTarget()
	if why != "" {
		return nil, why
	}
	return plan.Offer("Create the temporary file in the target's directory")
}

// random gives the temporary a random name.
func random(s *rewrite.Site, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	if f.Use.Effect == fsapi.MakeDir || f.Use.Effect == fsapi.MakeDirAll {
		return nil, "a later run, or another program, may look for the directory"
	}
	plan, why := s.RandomName()
	if why != "" {
		return nil, why
	}
	return plan.Offer("Give the temporary file a random name, and remove it unless it is renamed")
}
