package toctouignore

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/report"
)

// Rule describes the pass.
var Rule = report.Rule{
	Name:  "toctouignore",
	Title: "a suppression comment has no reason, or nothing to suppress",
	Doc: `A comment

	//toctou:ignore REASON
	//toctou:ignore statopen REASON
	//toctou:ignore statopen,tornwrite REASON

on the line of a finding, or on the line above it, suppresses the finding. The
reason is for the next reader, and without one the comment suppresses nothing.

A comment is stale if no pass, not even one that is switched off or strict,
finds anything on its line. Stale comments are not reported in a package with
type errors, in a file with a build constraint, or where functions of other
packages are not looked through: there, a finding may be missing for another
reason.`,
}

// New returns the pass on the engine e.
func New(e *race.Engine) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:     Rule.Name,
		Doc:      Rule.Title + "\n\n" + Rule.Doc,
		URL:      Rule.URL(),
		Requires: []*analysis.Analyzer{e.Analyzer},
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		files := report.NewFiles(pass, e.Settings)
		result := pass.ResultOf[e.Analyzer].(*race.Result)
		used := make(map[*report.Ignore]bool)
		for _, f := range result.Findings {
			if f.Verdict >= race.Strict {
				used[files.Suppressed(string(f.Kind), f.Pos())] = true
			}
		}
		certain := !e.Settings.NoFacts && len(pass.TypeErrors) == 0
		for _, ig := range files.Ignores() {
			switch {
			case ig.Reason == "":
				pass.Reportf(ig.Pos, "the comment suppresses nothing without a reason: //toctou:ignore REASON")
			case !used[ig] && certain && !files.Constrained(ig.Pos):
				pass.Reportf(ig.Pos, "the comment suppresses nothing: no pass finds anything on its line")
			}
		}
		return nil, nil
	}
	return a
}
