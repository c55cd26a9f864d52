package tornwrite

import (
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
	s, c := s.Performed()
	if c == nil {
		return nil, rewrite.Indirect
	}
	if why := s.KeepsFile(); why != "" {
		return nil, why
	}
	switch c.Name {
	case "os.WriteFile", "io/ioutil.WriteFile":
		if s.Empty(c.Args[1]) {
			return nil, "an empty file cannot be half-written"
		}
		return writeFile(s, c)
	case "os.Create", "os.OpenFile":
		return create(s, c)
	}
	return nil, rewrite.NoRewrite
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
