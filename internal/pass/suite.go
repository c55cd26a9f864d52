package pass

import (
	"cmp"
	"go/token"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/internal/suppress"
)

// Suite is what the passes of one run share: the engine, and the fixes that each
// of them offers.
type Suite struct {
	*race.Engine

	// Advise marks findings whose only fix needs the helper package when the module
	// does not provide it.
	Advise bool

	// NoFixes means that no fix is shown, so that none has to be computed. If Advise
	// is set too, Lacking records whether there was a finding that it would mark.
	NoFixes bool
	Lacking atomic.Bool

	// Runs reports whether the pass of a kind runs: one that does not run takes no
	// call from another. Where it is nil, or a pass is left out by a program that
	// runs the passes as any others, all of them do.
	Runs func(race.Kind) bool

	passes map[race.Kind]registered
	common *analysis.Analyzer // its result is a *common
}

// Default is the suite of the variables Analyzer in the packages of the passes, which
// programs use that run analyzers of many origins. It has the passes that such a
// program imports. They share one engine, since analyzers that export the same facts
// cannot run side by side.
var Default = newDefault()

func newDefault() *Suite {
	s := NewSuite(new(settings.Settings), new(env.Env))
	s.Runs = func(k race.Kind) bool {
		_, ok := s.passes[k]
		return ok
	}
	return s
}

// registered is a pass of the suite.
type registered struct {
	fixes  Fixes // may be nil
	keep   Keep  // may be nil
	strict *bool // its own flag
}

// NewSuite returns a suite without passes, with settings s in the environment e.
// Both may change until the first pass runs.
func NewSuite(settings *settings.Settings, e *env.Env) *Suite {
	s := &Suite{Engine: race.New(settings, e), passes: make(map[race.Kind]registered)}
	s.common = &analysis.Analyzer{
		Name:       "toctouchoice",
		Doc:        "choose what the passes report in one package",
		ResultType: reflect.TypeFor[*common](),
		Requires:   []*analysis.Analyzer{s.Analyzer},
		Run: func(p *analysis.Pass) (any, error) {
			return newCommon(s, p), nil
		},
	}
	return s
}

// Keeps has a pass make fixes for findings in other packages, where the driver has use for
// them.
func (s *Suite) Keeps(k race.Kind, keep Keep) {
	r := s.passes[k]
	r.keep = keep
	s.passes[k] = r
}

// keeper returns what makes the fixes of a pass for other packages, or nil.
func (s *Suite) keeper(k race.Kind) Keep {
	if s.Env.Kept == nil || s.NoFixes {
		return nil
	}
	return s.passes[k].keep
}

// runs reports whether the pass of a kind runs.
func (s *Suite) runs(k race.Kind) bool { return s.Runs == nil || s.Runs(k) }

// strict reports whether the pass of a kind is in strict mode.
func (s *Suite) strict(k race.Kind) bool {
	own := s.passes[k].strict
	return s.Settings.Strict || own != nil && *own
}

// visible reports whether a user may see findings of a level.
func (s *Suite) visible(l race.Level) bool {
	mayBeStrict := s.Settings.Strict || s.Settings.ChoiceIn != nil
	for _, p := range s.passes {
		mayBeStrict = mayBeStrict || *p.strict
	}
	return l == race.Report || l == race.Strict && mayBeStrict
}

// NewProgram returns what joins the packages of one program.
func (s *Suite) NewProgram() *race.Program { return race.NewProgram(s.visible) }

// wants reports whether the settings include a finding in the file of that name.
func (s *Suite) wants(f *race.Finding, file string) bool {
	choice := settings.Choice("")
	if s.Settings.ChoiceIn != nil {
		choice = s.Settings.ChoiceIn(file, string(f.Kind))
	}
	if !s.runs(f.Kind) || choice == settings.Off || f.Reason.Severity < s.Settings.Severity {
		return false
	}
	switch f.Level() {
	case race.Report:
		return true
	case race.Strict:
		return choice == settings.Strict || s.strict(f.Kind)
	}
	return false
}

// common is what the passes of a suite share about one package.
type common struct {
	shown []*race.Finding // in the order of their positions
	inFn  map[*ssa.Function][]*race.Finding
	deep  []*race.Finding // those of shown that are about calls of functions, by where the operation is

	// turn is held by the pass that makes fixes. Passes run in parallel, and how
	// values flow is computed on demand, without locks of its own.
	turn    sync.Mutex
	offered map[*race.Finding]offer
}

// newCommon chooses the findings of a package that are reported.
func newCommon(s *Suite, p *analysis.Pass) *common {
	c := &common{inFn: make(map[*ssa.Function][]*race.Finding), offered: make(map[*race.Finding]offer)}
	findings := p.ResultOf[s.Analyzer].(*race.Result).Findings
	if len(findings) == 0 {
		return c
	}
	files := suppress.NewFiles(p, s.Settings, race.Names())
	wanted := slices.DeleteFunc(slices.Clone(findings), func(f *race.Finding) bool {
		return !s.wants(f, p.Fset.Position(f.Pos()).Filename) || !files.Shown(string(f.Kind), f.Pos())
	})
	c.shown = choose(wanted)
	for _, f := range c.shown {
		c.inFn[f.Fn] = append(c.inFn[f.Fn], f)
		if f.Use.Via != nil {
			c.deep = append(c.deep, f)
		}
	}
	slices.SortStableFunc(c.deep, func(f, g *race.Finding) int { return cmp.Compare(f.Use.Deep, g.Use.Deep) })
	return c
}

// choose returns those of the findings that are reported, of which each call has
// one by default: what is left when the settings and the suppression comments have
// had their say, so that a pass that is switched off hides nothing.
//
// Strict mode also reports a finding that is graver than the first, and is not the first
// only because its level is lower. For example, here the size may
// change, which is certain, and the link may lead elsewhere, which is worse:
//
//	real, err := filepath.EvalSymlinks(path)
//	if err != nil || !strings.HasPrefix(real, root) {
//		return errOutside
//	}
//	info, err := os.Stat(real)
//	if err != nil || info.Size() > limit {
//		return errTooLarge
//	}
//	return os.ReadFile(real) // statopen; with -strict also resolveopen
func choose(wanted []*race.Finding) []*race.Finding {
	var chosen []*race.Finding
	for _, f := range wanted {
		n := len(chosen)
		first := n == 0 || chosen[n-1].Pos() != f.Pos()
		if first || chosen[n-1].Level() > f.Level() && graver(f, chosen[n-1]) {
			chosen = append(chosen, f)
		}
	}
	return chosen
}

// graver reports whether f is worse than g, which is at the same call: its severity
// is higher, or that is the same, its rule comes first, and it has another check.
// With the same check both say the same in other words: that a file is moved away
// before another one is moved to its place, for example.
func graver(f, g *race.Finding) bool {
	if f.Reason.Severity != g.Reason.Severity {
		return f.Reason.Severity > g.Reason.Severity
	}
	sameCheck := f.Check != nil && g.Check != nil && f.Check.At == g.Check.At
	return f.Before(g) && !sameCheck
}

// of returns the findings of one kind that are reported.
func (c *common) of(k race.Kind) []*race.Finding {
	var list []*race.Finding
	for _, f := range c.shown {
		if f.Kind == k {
			list = append(list, f)
		}
	}
	return list
}

// around returns the findings that are reported in a function, and those about
// calls that lead into it, where their fixes may be, in the order of their positions.
func (c *common) around(fn *ssa.Function) []*race.Finding {
	list := slices.Clone(c.inFn[fn])
	if syntax := fn.Syntax(); syntax != nil {
		at := func(pos token.Pos) int {
			i, _ := slices.BinarySearchFunc(c.deep, pos, func(f *race.Finding, pos token.Pos) int { return cmp.Compare(f.Use.Deep, pos) })
			return i
		}
		for _, f := range c.deep[at(syntax.Pos()):at(syntax.End())] {
			if f.Fn != fn {
				list = append(list, f)
			}
		}
	}
	slices.SortStableFunc(list, func(f, g *race.Finding) int { return cmp.Compare(f.Pos(), g.Pos()) })
	return list
}

// offer is the fixes of one finding, or why there are none.
type offer struct {
	fixes []analysis.SuggestedFix
	why   fix.Refusal
}

// offer returns the fixes of a finding, or why there are none, which compute is
// called for once. The caller has its turn.
func (c *common) offer(f *race.Finding, compute func() ([]analysis.SuggestedFix, fix.Refusal)) ([]analysis.SuggestedFix, fix.Refusal) {
	known, ok := c.offered[f]
	if !ok {
		known.fixes, known.why = compute()
		c.offered[f] = known
	}
	return known.fixes, known.why
}
