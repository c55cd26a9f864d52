package tornwrite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/race"
)

// keep makes the fixes of the overwrites that functions of a package perform, for
// findings at calls of them in other packages. There the package is in memory no more.
func keep(p *analysis.Pass, e *race.Engine) {
	result, ok := p.ResultOf[e.Analyzer].(*race.Result)
	if !ok || result.Ops == nil {
		return
	}
	for _, f := range result.Ops.Funcs {
		for _, op := range f.Ops {
			if op.Via != nil || op.Effect != fsapi.Create || f.Declared() == "" {
				continue
			}
			fixes, why := fixes(p, e, &race.Finding{Kind: race.TornWrite, Use: op, Fn: f.Fn})
			e.Env.Kept.Keep(p.Pkg.Path(), f.Declared(), op.Row.Name, env.KeptFix{Fixes: fixes, Refusal: why})
		}
	}
}

// inOtherPackage returns the fix of a write that a function of another package performs.
func inOtherPackage(e *race.Engine, f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	kept, ok := e.Env.Kept.Of(f.Use.In, f.Use.Row.Name)
	if !ok {
		return nil, otherModule
	}
	return kept.Fixes, kept.Refusal
}

// otherModule is why a write in a package that is not analyzed has no fix.
const otherModule fix.Refusal = "the write is in a function of another package: run toctou on that one, too, if it is yours, or write the file here"
