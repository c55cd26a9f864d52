package pathops

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// Bounds on a function of which an SSA form is made. For each branch package ssa
// copies a list of all local variables, and where many ways meet it looks which
// of them each variable has come by: with ten thousand of both that takes longer
// than all else together.
const (
	maxGraph  = 60_000_000 // variables, for each branch, by weight
	smallBody = 50_000     // bytes of source in which there is no room for that many
)

// The weights of branches that meet others again, by measurement: loops where they
// began, the cases of a switch all at once behind it.
const (
	loopWeight = 4
	caseWeight = 20
)

// sources is what the SSA form of a package is made from: its files, without the
// bodies of functions that are not looked at. What others share with this
// analysis is copied where it differs.
type sources struct {
	files  []*ast.File
	info   *types.Info
	giants []*ast.FuncDecl // functions that are too large
	left   []*ast.File     // files whose functions are not looked at
}

// readSources returns the files of the package, of which functions that are not
// analyzed have no bodies.
//
//	func generated() { … 100000 lines … } // without its body
//	func TestX(t *testing.T) { … }        // so is this one, unless tests are analyzed
func (p *packageOps) readSources() *sources {
	copied := *p.pass.TypesInfo
	s := &sources{files: slices.Clone(p.pass.Files), info: &copied}
	s.info.FileVersions = maps.Clone(p.pass.TypesInfo.FileVersions)
	for i, file := range p.pass.Files {
		left := p.settings.LeavesOut(p.pass.Fset, file.FileStart)
		if left {
			s.left = append(s.left, file)
		}
		var decls []ast.Decl
		for j, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil || !left && !p.isGiant(fn) {
				continue
			}
			if !left {
				s.giants = append(s.giants, fn)
			}
			if decls == nil {
				decls = slices.Clone(file.Decls)
			}
			bare := *fn
			bare.Body = nil
			decls[j] = &bare
		}
		if decls != nil {
			bare := *file
			bare.Decls = decls
			s.files[i], s.info.FileVersions[&bare] = &bare, s.info.FileVersions[file]
		}
	}
	s.info.InitOrder = slices.DeleteFunc(slices.Clone(s.info.InitOrder), func(init *types.Initializer) bool { return s.leftOut(init.Rhs.Pos()) })
	return s
}

// leftOut reports whether the file at pos is one whose functions are not looked
// at.
func (s *sources) leftOut(pos token.Pos) bool {
	return slices.ContainsFunc(s.left, func(file *ast.File) bool { return file.FileStart <= pos && pos <= file.FileEnd })
}

func (p *packageOps) isGiant(fn *ast.FuncDecl) bool {
	return fn.End()-fn.Pos() > smallBody && p.graph(fn.Body) > maxGraph
}

// graph returns the weight of the branches of a body times its variables, or that
// of a function literal in it if it has more.
func (p *packageOps) graph(body *ast.BlockStmt) int {
	branches, variables, most := 0, 0, 0
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			most = max(most, p.graph(n.Body))
			return false
		case *ast.IfStmt:
			branches++
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				branches++
			}
		case *ast.ForStmt, *ast.RangeStmt:
			branches += loopWeight
		case *ast.CaseClause, *ast.CommClause:
			branches += caseWeight
		case *ast.Ident:
			if _, ok := p.pass.TypesInfo.Defs[n].(*types.Var); ok && n.Name != "_" {
				variables++
			}
		}
		return true
	})
	return max(most, branches*variables)
}
