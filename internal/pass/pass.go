// Package pass makes a pass of a kind of findings: it filters, words and
// offers fixes, and decides nothing about races.
package pass

import (
	"fmt"
	"go/token"
	"path/filepath"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Words puts a finding into a message: lower case, one clause.
type Words func(s *Speaker, f *race.Finding) string

// Fixes offers rewrites of a finding, the best first, or says why there are none.
type Fixes func(p *analysis.Pass, e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal)

// Keep makes the fixes of operations that functions of a package perform, for findings at
// calls of these functions in other packages.
type Keep func(p *analysis.Pass, e *race.Engine)

// New returns the analyzer of the pass that rule describes. It reports the
// findings of the kind that has its name. fixes may be nil.
func New(s *Suite, rule rule.Rule, words Words, fixes Fixes) *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name:       rule.Name,
		Doc:        rule.Title + "\n\n" + rule.Text(),
		URL:        rule.URL(),
		Requires:   []*analysis.Analyzer{s.Analyzer, s.common, fix.Sources},
		ResultType: reflect.TypeFor[*Result](),
	}
	strict := a.Flags.Bool("strict", false, "also report races that matter only in some environments")
	s.passes[race.Kind(rule.Name)] = registered{fixes: fixes, strict: strict}
	a.Run = func(p *analysis.Pass) (res any, err error) {
		known := new(Result)
		defer s.Env.Recover(p.Pkg.Path()+": "+rule.Name, func() { res, err = known, nil })
		common := p.ResultOf[s.common].(*common)
		shown := common.of(race.Kind(rule.Name))
		keep := s.keeper(race.Kind(rule.Name))
		if len(shown) == 0 && keep == nil {
			return known, nil
		}
		common.turn.Lock()
		defer common.turn.Unlock()
		if keep != nil {
			keep(p, s.Engine)
		}
		offers := &offers{p, s, common}
		for f, others := range once(shown) {
			speaker := &Speaker{fset: p.Fset, at: f.Pos()}
			r := describe(p, speaker, f)
			d := analysis.Diagnostic{
				Pos:      r.Use.Pos,
				End:      r.Use.End,
				Category: string(f.Kind),
				Message:  words(speaker, f),
			}
			if r.Check != nil {
				d.Related = []analysis.RelatedInformation{{
					Pos:     r.Check.Pos,
					End:     r.Check.End,
					Message: before(rule, f),
				}}
			}
			if f.Reader.IsValid() {
				d.Related = append(d.Related, analysis.RelatedInformation{Pos: f.Reader, Message: "the file is read here"})
			}
			repeat(p, &d, others)
			d.SuggestedFixes, r.Unfixed, r.Missing = offers.settle(f)
			known.Add(d, r)
			p.Report(d)
		}
		return known, nil
	}
	return a
}

// before says what happens at the check of a finding, to those who look there.
func before(rule rule.Rule, f *race.Finding) string {
	switch {
	case rule.First != "":
		return rule.First
	case f.Check.Effect != fsapi.Check:
		return "the path is used here first"
	}
	return "the path is looked up here first"
}

// Speaker words the parts that the messages of all passes have in common.
type Speaker struct {
	fset *token.FileSet
	at   token.Pos
}

// Op names an operation by the call in the source: os.Stat, or "exists (os.Stat)" if a
// wrapper is called.
func (s *Speaker) Op(op *pathops.Op) string {
	if op.Via == nil {
		return op.Name()
	}
	return fmt.Sprintf("%s (%s)", op.Via.Name(), op.Name())
}

// On names an operation and its line: the os.Stat on line 41; and the file, if
// that is another one than the use's.
func (s *Speaker) On(op *pathops.Op) string {
	at := s.fset.Position(op.At)
	if at.Filename != s.fset.Position(s.at).Filename {
		return fmt.Sprintf("the %s on line %d of %s", s.Op(op), at.Line, filepath.Base(at.Filename))
	}
	return fmt.Sprintf("the %s on line %d", s.Op(op), at.Line)
}
