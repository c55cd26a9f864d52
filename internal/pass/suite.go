package pass

import (
	"reflect"
	"sync"
	"sync/atomic"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/settings"
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

	fixes  map[race.Kind]Fixes
	common *analysis.Analyzer // its result is a *common
}

// NewSuite returns a suite without passes, with settings s in the environment e.
// Both may change until the first pass runs.
func NewSuite(s *settings.Settings, e *env.Env) *Suite {
	engine := race.New(s, e)
	return &Suite{
		Engine: engine,
		fixes:  make(map[race.Kind]Fixes),
		common: &analysis.Analyzer{
			Name:       "toctoufixes",
			Doc:        "hold the fixes that the passes offer in one package",
			ResultType: reflect.TypeFor[*common](),
			Requires:   []*analysis.Analyzer{engine.Analyzer},
			Run: func(p *analysis.Pass) (any, error) {
				return &common{
					Result:  p.ResultOf[engine.Analyzer].(*race.Result),
					offered: make(map[*race.Finding]offer),
				}, nil
			},
		},
	}
}

// common is what the passes of a suite share about one package.
type common struct {
	*race.Result

	// turn is held by the pass that makes fixes. Passes run in parallel, and how
	// values flow is computed on demand, without locks of its own.
	turn    sync.Mutex
	offered map[*race.Finding]offer
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
