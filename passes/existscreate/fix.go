package existscreate

import (
	"go/ast"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to create exclusively, and to go on as if the check had found
// what has appeared since.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) []analysis.SuggestedFix {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil
	}
	c := s.Direct(f.Use)
	if c == nil && f.Use.Effect == fsapi.MakeDir && f.Use.Via == nil {
		c = s.Call(f.Use) // of an interface to a file system
	}
	at := c
	if c == nil {
		if c = s.Within(f.Use); c != nil {
			at = c.Caller
		}
	}
	if c == nil || !s.Quiet(f.Check, at) {
		return nil // it may be what the program itself has made
	}
	if s.Reaches(f.Check, fate.File, f.Use) || s.Reaches(f.Check, fate.Dir, f.Use) {
		return overFound(s, f, c)
	}
	if f.Use.Effect == fsapi.MakeDir {
		return mkdir(s, f, c)
	}
	switch c.Name {
	case "os.WriteFile", "io/ioutil.WriteFile":
		return writeFile(s, f, c)
	case "os.Create", "os.OpenFile":
		return openFile(s, f, c)
	}
	return nil
}

// mkdir keeps the call, os.Mkdir or an interface's, which is exclusive, and
// handles its error as os.MkdirAll does, which would make missing parents, too.
func mkdir(s *rewrite.Site, f *race.Finding, c *rewrite.Call) []analysis.SuggestedFix {
	if c = s.Looking(f.Check, c); c == nil || !s.Ends(f.Check, fate.Dir).CanSucceed() || !appeared(s, f, c, fate.Dir) {
		return nil
	}
	return s.Fix("Handle a directory that has appeared like one that was there")
}

func writeFile(s *rewrite.Site, f *race.Finding, c *rewrite.Call) []analysis.SuggestedFix {
	if s.Helper == "" || !appeared(s, f, c, fate.File) {
		return nil
	}
	old := s.Text(c.Fun)
	name := s.ReplaceFunc(c, s.Helper, "WriteFileExcl")
	return s.Fix("Replace " + old + " with " + name)
}

// overFound creates exclusively where nothing was found, and goes on to replace
// what was found and not refused, such as a lock that has expired.
func overFound(s *rewrite.Site, f *race.Finding, c *rewrite.Call) []analysis.SuggestedFix {
	if s.Helper == "" || c.Name != "os.WriteFile" && c.Name != "io/ioutil.WriteFile" {
		return nil
	}
	refused := s.EndsWithout(f.Check, fate.File, f.Use)
	if !refused.AllFail() || !s.Ends(f.Use, fate.Denied).AllFail() || !s.WriteByAnswer(f.Check, c, "WriteFileExcl", "WriteFile") {
		return nil
	}
	return s.Fix("Replace " + s.Text(c.Fun) + " with " + s.HelperName("WriteFileExcl") + " where nothing was found")
}

func openFile(s *rewrite.Site, f *race.Finding, c *rewrite.Call) []analysis.SuggestedFix {
	if s.OnlyClosed(c) {
		return touch(s, c)
	}
	list := staged(s, f, c)
	if s = s.Again(); appeared(s, f, c, fate.File) && exclusively(s, c) {
		list = append(list, s.Fix("Open the file with os.O_EXCL")...)
	}
	return list
}

// staged has a file that lasts appear whole, and only if nothing is there. For
// a lock it would appear too late.
func staged(s *rewrite.Site, f *race.Finding, c *rewrite.Call) []analysis.SuggestedFix {
	if s.Helper == "" || isLock(s, c) || s.Handling(c) == nil {
		return nil
	}
	found := s.Other(f.Check, fate.File, c)
	if found == nil || !s.HandleFirst(c, "ErrExist", found) {
		return nil
	}
	if s.Ends(f.Check, fate.File).AllFail() {
		found = nil // as the commit does by itself
	}
	if !s.Exclusive(c, found) {
		return nil
	}
	return s.Fix("Stage the file with " + s.HelperName("CreateExcl") + " and commit it when it is written")
}

// isLock reports whether a file is a lock, by its name: what is in it matters
// less than that it is there. Where it is written by one call, it is there with
// its content when that returns.
func isLock(s *rewrite.Site, c *rewrite.Call) bool {
	name := strings.ToLower(s.Text(c.Args[0]))
	return strings.Contains(name, "lock") || strings.Contains(name, "lck") || strings.Contains(name, "pid")
}

// touch drops the truncation of a file that nothing is written to.
func touch(s *rewrite.Site, c *rewrite.Call) []analysis.SuggestedFix {
	switch flag := truncates(s, c); {
	case c.Name == "os.Create":
		s.OpenFile(c, "O_RDWR", "O_CREATE")
	case flag != nil && s.DropOperand(c.Args[1], flag):
	default:
		return nil
	}
	return s.Fix("Open the file without truncating it")
}

// exclusively has the call fail where something is there.
func exclusively(s *rewrite.Site, c *rewrite.Call) bool {
	if c.Name == "os.Create" {
		s.OpenFile(c, "O_RDWR", "O_CREATE", "O_EXCL")
		return true
	}
	flag := truncates(s, c)
	if flag == nil {
		return false
	}
	s.Replace(flag, s.Use("os", "O_EXCL", c.Pos()))
	return true
}

// truncates returns the os.O_TRUNC among the flags of os.OpenFile, or nil.
func truncates(s *rewrite.Site, c *rewrite.Call) ast.Expr {
	if c.Name != "os.OpenFile" {
		return nil
	}
	return s.Flag(c.Args[1], "O_TRUNC")
}

// appeared has the program do what it does where the check finds the object,
// if that is there when it is to be created.
func appeared(s *rewrite.Site, f *race.Finding, c *rewrite.Call, there fate.State) bool {
	found := s.Ends(f.Check, there)
	if h := s.Handling(c); h != nil {
		if block := s.Other(f.Check, there, c); block != nil {
			return s.HandleFirst(c, "ErrExist", block)
		}
		if found.CanSucceed() {
			return s.SkipRest(f.Check, there, c, h)
		}
	}
	return found.AllFail() && s.Ends(f.Use, fate.Denied).AllFail()
}
