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
	case "os.Create":
		return create(s, c)
	case "os.OpenFile":
		return openFile(s, c)
	}
	return nil
}

// writeFile fixes a file written at once.
func writeFile(s *rewrite.Site, c *rewrite.Call) []analysis.SuggestedFix {
	old := s.Text(c.Fun)
	name := s.ReplaceFunc(c, s.Helper, "WriteFile")
	return s.Fix("Replace " + old + " with " + name)
}

// create fixes a file that is written through a handle.
func create(s *rewrite.Site, c *rewrite.Call) []analysis.SuggestedFix {
	if !s.Staged(c, "Create") {
		return nil
	}
	return s.Fix("Stage the file with " + s.HelperName("Create") + " and commit it when it is written")
}

// openFile fixes what os.Create might have done as well, but for the mode of a
// new file.
func openFile(s *rewrite.Site, c *rewrite.Call) []analysis.SuggestedFix {
	if !s.TruncatesOnly(c) {
		return nil
	}
	function, end := "CreatePerm", c.Args[1].End()
	if s.IsConstant(c.Args[2], 0o666) {
		function, end = "Create", c.Args[2].End()
	}
	if !s.Staged(c, function) {
		return nil
	}
	s.ReplaceRange(c.Args[0].End(), end, "")
	return s.Fix("Stage the file with " + s.HelperName(function) + " and commit it when it is written")
}
