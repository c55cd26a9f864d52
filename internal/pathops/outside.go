package pathops

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/settings"
)

// Summaries returns the summaries of the functions of a package that is not
// analyzed itself, by their full names. The pass only has the package, its module,
// and its syntax and types. Functions without a body have no summary, nor have those
// that are not wanted.
func Summaries(pass *analysis.Pass, wanted func(*types.Func) bool, s *settings.Settings, e *env.Env) map[string]*Summary {
	summaries := make(map[string]*Summary)
	pass.ImportObjectFact = func(types.Object, analysis.Fact) bool { return false }
	pass.ExportObjectFact = func(obj types.Object, fact analysis.Fact) {
		summaries[obj.(*types.Func).FullName()] = fact.(*Summary)
	}
	run(pass, s, e, wanted, func() {})
	return summaries
}
