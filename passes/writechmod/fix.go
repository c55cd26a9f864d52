package writechmod

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rewrite"
)

// fixes offers to create the file with its final mode, and to set that by the
// open file where there is one.
func fixes(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	s := rewrite.New(p, e, f)
	if s == nil {
		return nil, rewrite.NoSource
	}
	chmod := s.Direct(f.Use)
	switch {
	case chmod == nil:
		return nil, s.Within(f.Use)
	case chmod.Name == "os.Chown":
		return byHandle(s, f, chmod, "Chown")
	case chmod.Name == "(*os.File).Chmod":
		return withMode(s, f, chmod)
	case chmod.Name != "os.Chmod" || len(chmod.Args) != 2:
		return nil, rewrite.NoRewrite
	}
	if rename := s.Direct(f.Check); rename != nil && rename.Name == "os.Rename" {
		return beforeRename(s, f, rename, chmod)
	}
	list, why := atCreation(s, f, chmod)
	if len(list) == 0 {
		if list, not := byHandle(s, f, chmod, "Chmod"); not == "" {
			return list, ""
		}
	}
	return list, why
}

// byHandle calls the method of the open file. What a file that is opened for reading
// allows differs from what its path allows, and by system.
func byHandle(s *rewrite.Site, f *race.Finding, c *rewrite.Call, method string) ([]analysis.SuggestedFix, fix.Refusal) {
	if f.Check.Effect == fsapi.Open {
		return nil, "the file is open only for reading"
	}
	plan, name, why := s.MethodOfHandle(f.Check, c, method)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Replace " + s.Text(c.Fun) + " with " + name)
}

// atCreation offers to create the file with the mode that is set later.
func atCreation(s *rewrite.Site, f *race.Finding, chmod *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	create := s.Direct(f.Check)
	if create == nil || create.Function() != chmod.Function() {
		return nil, "the file is created in another function"
	}
	var list []analysis.SuggestedFix
	if plan, title, why := s.WriteWithMode(create, chmod); why == "" {
		list, _ = plan.Offer(title)
	}
	plan, title, why := s.ModeAtCreation(f.Check.Effect, create, chmod)
	if why != "" && len(list) == 0 {
		if list, not := staged(s, create); not == "" {
			return list, ""
		}
	}
	if why != "" {
		return list, why
	}
	if method, _, not := s.MethodOfHandle(f.Check, chmod, "Chmod"); not == "" {
		plan.And(method)
	}
	more, why := plan.Offer(title)
	return append(list, more...), why
}

// withMode offers to create the file with the mode that its open file is given later.
func withMode(s *rewrite.Site, f *race.Finding, chmod *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	create := s.Direct(f.Check)
	if create == nil || create.Function() != chmod.Function() {
		return nil, "the file is created in another function"
	}
	plan, title, why := s.ModeAtCreation(f.Check.Effect, create, chmod)
	if why != "" {
		return nil, why
	}
	return plan.Offer(title)
}

// staged offers to stage the file with the mode that is set in the end.
func staged(s *rewrite.Site, create *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	if why := s.KeepsFile(); why != "" {
		return nil, why
	}
	plan, function, why := s.StageAndCommit(create)
	if why != "" {
		return nil, why
	}
	if function != "CreateMode" {
		return nil, "the mode is not set when the file is written, on each way that succeeds"
	}
	return plan.Offer("Stage the file with " + s.HelperName(function) + " and commit it when it is written")
}

// beforeRename sets the mode of what is renamed into place before that.
func beforeRename(s *rewrite.Site, f *race.Finding, rename, chmod *rewrite.Call) ([]analysis.SuggestedFix, fix.Refusal) {
	plan, why := s.ChmodBeforeRename(f.Check, rename, chmod)
	if why != "" {
		return nil, why
	}
	return plan.Offer("Set the mode before the rename")
}
