package rewrite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pathops"
)

// ByHandle offers to call a method of the file that open has opened, instead
// of the function that takes its path as the first argument.
func (s *Site) ByHandle(open *pathops.Op, c *Call, method string) []analysis.SuggestedFix {
	old := s.Text(c.Fun)
	name := s.callMethod(open, c, method)
	if name == "" {
		return nil
	}
	return s.Fix("Replace " + old + " with " + name)
}

// TryMethod has the call name a method of the file that open has opened, if
// that is certainly open there; else it changes nothing.
func (s *Site) TryMethod(open *pathops.Op, c *Call, method string) {
	opener := s.Call(open)
	if opener == nil || s.Handle(open, c) == nil || s.calls(c.Args[0]) {
		return
	}
	if s.Undisturbed(c.Declaration(), c.Args[0], opener.End(), c.Pos()) {
		s.callMethod(open, c, method)
	}
}

// callMethod makes the edits of ByHandle and returns how the method is named,
// or "".
func (s *Site) callMethod(open *pathops.Op, c *Call, method string) string {
	opener := s.Call(open)
	if opener == nil || len(c.Args) == 0 {
		return ""
	}
	v := s.Handle(open, c)
	if v == nil || !s.Undisturbed(c.Declaration(), c.Args[0], opener.End(), c.Pos()) {
		return ""
	}
	name := v.Name() + "." + method
	s.Replace(c.Fun, name)
	end := c.Args[0].End()
	if len(c.Args) > 1 {
		end = c.Args[1].Pos()
	}
	if s.HasComments(c.Args[0].Pos(), end) || s.calls(c.Args[0]) {
		return ""
	}
	s.ReplaceRange(c.Args[0].Pos(), end, "")
	return name
}
