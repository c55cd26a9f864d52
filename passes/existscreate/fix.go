package existscreate

import (
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to create exclusively, and to go on as if the check had found
// what has appeared since.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	c, at := creation(s, f)
	if c == nil {
		return nil, s.Within(f.Use)
	}
	if !s.Quiet(f.Check, at) {
		return nil, rewrite.OtherChange
	}
	if f.Use.Effect == fsapi.MakeDir && !s.Reaches(f.Check, fate.Dir, f.Use) {
		return mkdir(s, f, c) // over a file it fails as before
	}
	if s.Reaches(f.Check, fate.File, f.Use) || s.Reaches(f.Check, fate.Dir, f.Use) {
		return overFound(s, f, c)
	}
	switch c.Name {
	case "os.WriteFile", "io/ioutil.WriteFile", s.Helper + ".WriteFile":
		return byHelper(s, f, c, "WriteFileExcl")
	case "os.Create", "os.OpenFile":
		return openFile(s, f, c)
	case "os.Rename":
		if !s.MovesFile() {
			return nil, "the renamed path may be a directory, and not all systems can rename a directory without replacing the target"
		}
		return byHelper(s, f, c, "RenameNoReplace")
	}
	return nil, rewrite.NoRewrite
}

// creation returns the call that creates, and the one below the check that leads
// there: two if a function of the package creates, which nothing else calls.
func creation(s *rewrite.Site, f *race.Finding) (c, at *rewrite.Call) {
	if c = s.Direct(f.Use); c != nil {
		return c, c
	}
	if f.Use.Effect == fsapi.MakeDir && f.Use.Via == nil {
		if c = s.Call(f.Use); c != nil { // of an interface to a file system
			return c, c
		}
	}
	if c = s.InCallee(f.Use); c != nil {
		return c, c.Caller
	}
	return nil, nil
}

// mkdir keeps the call, os.Mkdir or an interface's, which is exclusive, and
// handles its error as os.MkdirAll does, which would make missing parents, too.
func mkdir(s *rewrite.Site, f *race.Finding, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	if c = s.WithStat(f.Check, c); c == nil {
		return nil, rewrite.Unhandled
	}
	if !s.Ends(f.Check, fate.Dir).CanSucceed() {
		return nil, "the program fails if the directory exists, as os.Mkdir does"
	}
	plan, why := appeared(s, f, c, fate.Dir)
	if why != "" {
		return nil, why
	}
	if plan == nil {
		return nil, "os.Mkdir fails if the directory exists, as the program does"
	}
	return plan.Offer("Handle fs.ErrExist like an existing directory")
}

// byHelper calls a function of the helper that fails where something is there.
func byHelper(s *rewrite.Site, f *race.Finding, c *rewrite.Call, function string) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, name, why := s.CallHelper(c, function)
	if why != "" {
		return nil, why
	}
	handling, why := appeared(s, f, c, fate.File)
	if why != "" {
		return nil, why
	}
	if handling != nil {
		plan.And(handling)
	}
	return plan.Offer("Replace " + s.Text(c.Fun) + " with " + name)
}

// overFound creates exclusively where nothing was found, and goes on to replace
// what was found and not refused, such as a lock that has expired.
func overFound(s *rewrite.Site, f *race.Finding, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	if c.Name != "os.WriteFile" && c.Name != "io/ioutil.WriteFile" {
		return nil, "the file is also created if the check found one"
	}
	if s.Helper == "" {
		return nil, rewrite.NoHelper
	}
	refused := s.EndsWithout(f.Check, fate.File, f.Use)
	if !refused.AllFail() || !s.Ends(f.Use, fate.Denied).AllFail() {
		return nil, "the program does not certainly fail if another process has created the file"
	}
	plan, why := s.WriteByAnswer(f.Check, c, "WriteFileExcl", "WriteFile")
	if why != "" {
		return nil, why
	}
	refusal := s.RefusalFor(f.Check, fate.File, c)
	if refusal == nil {
		return nil, rewrite.NoBranch
	}
	handling, why := s.RepeatBranch(c, "ErrExist", refusal)
	if why != "" {
		return nil, why
	}
	plan.And(handling)
	return plan.Offer("Replace " + s.Text(c.Fun) + " with " + s.HelperName("WriteFileExcl") + " if the check found nothing")
}

func openFile(s *rewrite.Site, f *race.Finding, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	if s.OnlyClosed(c) && s.EndsAlike(f.Check, fate.File, f.Use) {
		plan, why := s.OpenKeeping(c) // a touch
		if why != "" {
			return nil, why
		}
		return plan.Offer("Open the file without truncating it")
	}
	list, _ := staged(s, f, c)
	exclusive, why := exclusively(s, f, c)
	return append(list, exclusive...), why
}

// exclusively has the call fail where something is there.
func exclusively(s *rewrite.Site, f *race.Finding, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	handling, why := appeared(s, f, c, fate.File)
	if why != "" {
		return nil, why
	}
	plan, why := s.OpenExclusively(c)
	if why != "" {
		return nil, why
	}
	if handling != nil {
		plan.And(handling)
	}
	return plan.Offer("Open the file with os.O_EXCL")
}

// staged has a file that lasts appear whole, and only if nothing is there. For
// a lock it would appear too late.
func staged(s *rewrite.Site, f *race.Finding, c *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	if isLock(s, c) {
		return nil, "a lock file must exist before its content is written"
	}
	found := s.BranchFor(f.Check, fate.File, c)
	if s.Handling(c) == nil || found == nil {
		return nil, rewrite.NoBranch
	}
	handling, why := s.RepeatBranch(c, "ErrExist", found)
	if why != "" && why != rewrite.SameAnyway {
		return nil, why
	}
	if why == rewrite.SameAnyway {
		found = nil // as the commit does by itself
	}
	plan, why := s.StageExclusively(c, found)
	if why != "" {
		return nil, why
	}
	if handling != nil {
		plan.And(handling)
	}
	return plan.Offer("Stage the file with " + s.HelperName("CreateExcl") + " and commit it after the last write")
}

// isLock reports whether a file is a lock, by its name: what is in it matters
// less than that it is there. Where it is written by one call, it is there with
// its content when that returns.
func isLock(s *rewrite.Site, c *rewrite.Call) bool {
	name := strings.ToLower(s.Text(c.Args[0]))
	return strings.Contains(name, "lock") || strings.Contains(name, "lck") || strings.Contains(name, "pid")
}

// appeared has the program do what it does where the check finds the object,
// if that is there when it is to be created. The plan is nil if there is nothing to
// change for that: the program fails, as the call does.
func appeared(s *rewrite.Site, f *race.Finding, c *rewrite.Call, there fate.State) (*rewrite.Plan, fix.Refusal) {
	found := s.Ends(f.Check, there)
	h := s.Handling(c)
	if h != nil && found.CanSucceed() && s.EndsBranch(c, h) {
		if plan, why := s.GuardRest(f.Check, there, c, h, "ErrExist"); why == "" {
			return plan, ""
		}
	}
	if block := s.BranchFor(f.Check, there, c); block != nil {
		plan, why := s.RepeatBranch(c, "ErrExist", block)
		if why == rewrite.SameAnyway {
			return nil, "" // as where the check has found it
		}
		return plan, why
	}
	if h != nil && found.CanSucceed() {
		if plan, why := s.ClearError(f.Check, there, c); why == "" {
			return plan, ""
		}
		return s.GuardRest(f.Check, there, c, h, "ErrExist")
	}
	if !found.AllFail() || !s.Ends(f.Use, fate.Denied).AllFail() {
		return nil, rewrite.NoBranch
	}
	return nil, ""
}
