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

// withoutGiants returns the files of the package and what is known of them,
// without the bodies of functions that are too large, which it returns besides.
// What others share with this analysis is copied where it differs.
func (p *packageOps) withoutGiants() (files []*ast.File, info *types.Info, giants []*ast.FuncDecl) {
	files, info = slices.Clone(p.pass.Files), p.pass.TypesInfo
	for i, file := range files {
		bare := *file
		bare.Decls = slices.Clone(file.Decls)
		before := len(giants)
		for j, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil || fn.End()-fn.Pos() < smallBody || p.graph(fn.Body) <= maxGraph {
				continue
			}
			giants = append(giants, fn)
			bodiless := *fn
			bodiless.Body = nil
			bare.Decls[j] = &bodiless
		}
		if len(giants) == before {
			continue
		}
		if before == 0 {
			copied := *info
			copied.FileVersions = maps.Clone(info.FileVersions)
			info = &copied
		}
		files[i], info.FileVersions[&bare] = &bare, info.FileVersions[file]
	}
	return files, info, giants
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
