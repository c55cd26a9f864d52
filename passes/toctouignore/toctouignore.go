package toctouignore

import (
	"fmt"
	"go/token"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
	"github.com/edcacfbd/toctou/internal/suppress"
)

// Rule describes the pass.
var Rule = rule.Rule{
	Name:  "toctouignore",
	Title: "a suppression comment has no reason, or nothing to suppress",
	Doc: `A comment in one of these forms suppresses a finding on its line or on the next line:

	//toctou:ignore REASON
	//toctou:ignore statopen REASON
	//toctou:ignore statopen,tornwrite REASON

In the doc comment of a function it suppresses all findings in the function. Above the
package clause it suppresses all findings in the file.

A comment suppresses nothing

  - without a reason, which explains to the next reader why the code is safe
  - with a space before toctou or a colon after ignore
  - with a misspelled pass name
  - if it names a different pass than the one that reports the finding

A comment is stale if no pass finds anything on its line, including passes that are turned
off or strict, nor a write whose readers in other packages only the command line knows.
Stale comments are not reported in a package with type errors, in a file with
a build constraint, or if functions of other packages are not analyzed, because a finding may
be missing for another reason. Comments in test files are only reported if test files are
analyzed.`,
}

// Analyzer is the pass with the default settings, for programs that run analyzers of
// many origins, such as multichecker or nogo.
var Analyzer = New(pass.Default)

// New returns the pass as one of the suite s.
func New(s *pass.Suite) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       Rule.Name,
		Doc:        Rule.Title + "\n\n" + Rule.Doc,
		URL:        Rule.URL(),
		Requires:   []*analysis.Analyzer{s.Analyzer},
		ResultType: reflect.TypeFor[*pass.Result](),
	}
	a.Run = func(p *analysis.Pass) (any, error) {
		known := new(pass.Result)
		say := func(ig *suppress.Ignore, message string) {
			d := analysis.Diagnostic{Pos: ig.Pos, End: ig.Pos + token.Pos(len(ig.Text)), Message: message}
			known.Add(d, pass.Report{Use: pass.Operation{Pos: d.Pos, End: d.End, Expr: ig.Text}})
			p.Report(d)
		}
		files := suppress.NewFiles(p, s.Settings, race.Names())
		used, others := uses(s, files, p.ResultOf[s.Analyzer].(*race.Result).Findings)
		certain := !s.Settings.NoFacts && len(p.TypeErrors) == 0
		for _, ig := range files.Ignores() {
			switch {
			case files.Excluded(ig.Pos), files.LeftOut(ig.Pos):
			case ig.Malformed:
				if others[ig] != "" { // elsewhere it may be prose
					say(ig, "the comment suppresses nothing because it is malformed: want //toctou:ignore REASON")
				}
			case ig.Unknown != "":
				message := fmt.Sprintf("the comment suppresses nothing: there is no pass named %s", ig.Unknown)
				if ig.Meant != "" {
					message += ": did you mean " + ig.Meant + "?"
				}
				say(ig, message)
			case ig.Reason == "":
				say(ig, "the comment suppresses nothing without a reason: want //toctou:ignore REASON")
			case used[ig]:
			case others[ig] != "":
				say(ig, fmt.Sprintf("the comment suppresses nothing: it names %s, but the finding %s is from %s", strings.Join(ig.Passes, ", "), ig.Scope, others[ig]))
			case certain && !files.Constrained(ig.Pos):
				say(ig, fmt.Sprintf("the comment suppresses nothing: no pass finds anything %s", ig.Scope))
			}
		}
		return known, nil
	}
	return a
}

// uses returns which comments suppress one of the findings, and for each comment on
// a line with findings which kind is found there, whatever the comment is for. One
// that is for tornwrite has no use where existscreate finds something at the call,
// too, unless that is suppressed as well, strict, or of a pass that does not run.
func uses(s *pass.Suite, files *suppress.Files, findings []*race.Finding) (used map[*suppress.Ignore]bool, others map[*suppress.Ignore]race.Kind) {
	used, others = make(map[*suppress.Ignore]bool), make(map[*suppress.Ignore]race.Kind)
	taken := token.NoPos // the call that has a finding that hides the others
	for _, f := range findings {
		if f.Level() == race.Silent {
			if ig := files.Suppressed(string(f.Kind), f.Pos()); ig != nil && f.Unsettled {
				used[ig] = true
			}
			continue
		}
		if f.Pos() == taken {
			continue
		}
		for _, ig := range files.Covering(f.Pos()) {
			if others[ig] == "" {
				others[ig] = f.Kind
			}
		}
		runs := s.Runs == nil || s.Runs(f.Kind)
		if ig := files.Suppressed(string(f.Kind), f.Pos()); ig != nil {
			used[ig] = true
		} else if f.Level() == race.Report && runs {
			taken = f.Pos()
		}
	}
	return used, others
}
