package pathops

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/report"
)

// Summaries returns the summaries of the functions of a package that is not
// analysed itself, by their full names. Functions without a body have none; for
// those that are not wanted, it is left open how their calls end.
func Summaries(fset *token.FileSet, files []*ast.File, pkg *types.Package, info *types.Info, wanted func(*types.Func) bool, s *report.Settings) map[string]*Summary {
	summaries := make(map[string]*Summary)
	pass := &analysis.Pass{
		Fset:             fset,
		Files:            files,
		Pkg:              pkg,
		TypesInfo:        info,
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact: func(obj types.Object, fact analysis.Fact) {
			summaries[obj.(*types.Func).FullName()] = fact.(*Summary)
		},
	}
	run(pass, s, wanted)
	return summaries
}
