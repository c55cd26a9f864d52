package rewrite

import (
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// MethodOfHandle calls a method of the file that open has opened, instead of the
// function that takes its path as the first argument:
//
//	f, err := os.Create(p)
//	...
//	os.Chmod(p, 0o600) // becomes f.Chmod(0o600)
//
// There is no plan where f is not certainly that file, and open: it may have been
// closed, assigned again, or p may name another file by then. It also returns how
// the method is named.
func (s *Site) MethodOfHandle(open *pathops.Op, c *Call, method string) (*Plan, string, fix.Refusal) {
	opener := s.Call(open)
	if opener == nil || len(c.Args) == 0 {
		return nil, "", Indirect
	}
	file := s.Handle(open, c)
	if file == "" {
		return nil, "", "the open file is not certainly in a variable here"
	}
	if !s.Undisturbed(c.Declaration(), c.Args[0], opener.End(), c.Pos()) {
		return nil, "", OtherChange
	}
	end := c.Args[0].End()
	if len(c.Args) > 1 {
		end = c.Args[1].Pos()
	}
	comments, ok := s.Inline(c.Args[0].Pos(), end)
	if !ok {
		return nil, "", Comments
	}
	if s.calls(c.Args[0]) {
		return nil, "", "the path is the result of a call, which the fix would remove"
	}
	p, name := s.plan(), file+"."+method
	p.Replace(c.Fun, name)
	p.ReplaceRange(c.Args[0].Pos(), end, "")
	if comments != "" {
		p.Insert(c.Args[len(c.Args)-1].End(), comments)
	}
	p, why := p.done()
	return p, name, why
}
