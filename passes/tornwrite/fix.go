package tornwrite

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers the atomic counterpart of the call.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	if why := s.KeepsFile(); why != "" {
		return nil, why
	}
	within, c := s.Performed()
	switch {
	case c == nil && f.Use.In != "":
		return inOtherPackage(e, f)
	case c == nil:
		return nil, s.Within(f.Use)
	}
	s = within
	switch c.Name {
	case "os.WriteFile", "io/ioutil.WriteFile":
		if s.Empty(c.Args[1]) {
			return nil, "an empty file cannot be half-written"
		}
		return writeFile(s, c)
	case "os.Create", "os.OpenFile":
		return create(s, c)
	}
	return nil, byHand(f)
}

// byHand says what can be done about a write that has no fix.
func byHand(f *race.Finding) fix.Refusal {
	switch {
	case f.Aspect == race.Gap:
		return "the old file is moved away before the new one is moved to its place: rename the new one over it, in one step"
	case f.Use.Handle:
		return "an open file is changed in place: write all of it anew, with the helper's WriteFile"
	case strings.Contains(f.Use.Row.Name, ")."), strings.Contains(f.Use.Row.Name, "/"):
		return "the file is written through another package, which the helper knows nothing of: write it beside the old one, and rename it with the same package"
	}
	return rewrite.NoRewrite
}

// writeFile fixes a file written at once.
func writeFile(s *rewrite.Site, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, name, why := s.CallHelper(c, "WriteFile")
	if why != "" {
		return nil, why
	}
	return plan.Offer("Replace " + s.Text(c.Fun) + " with " + name)
}

// create fixes a file that is written through a handle.
func create(s *rewrite.Site, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, function, why := s.StageAndCommit(c)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Stage the file with " + s.HelperName(function) + " and commit it after the last write")
}
