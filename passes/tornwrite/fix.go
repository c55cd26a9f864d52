package tornwrite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers the atomic counterpart of the call.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	if s == nil || s.Helper == "" {
		return nil
	}
	c := s.Direct(f.Use)
	if c == nil {
		return nil
	}
	switch c.Name {
	case "os.WriteFile", "io/ioutil.WriteFile":
		return writeFile(s, c)
	}
	return nil
}

// writeFile fixes a file written at once.
func writeFile(s *rewrite.Site, c *rewrite.Call) []analysis.SuggestedFix {
	old := s.Text(c.Fun)
	name := s.ReplaceFunc(c, s.Helper, "WriteFile")
	return s.Fix("Replace " + old + " with " + name)
}
