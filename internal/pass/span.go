package pass

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
)

// extent is a part of the source.
type extent struct {
	start, end token.Pos
	call       *ast.CallExpr // the call there; nil if there is none
}

// span returns the call whose opening parenthesis is at pos, from the name of
// what is called, its package or receiver included if they are on one line.
func span(p *analysis.Pass, pos token.Pos) extent {
	for _, file := range p.Files {
		if pos < file.FileStart || pos >= file.FileEnd {
			continue
		}
		for _, n := range fix.Enclosing(file, pos) {
			if call, ok := n.(*ast.CallExpr); ok && call.Lparen == pos {
				return extent{nameOf(p.Fset, call), call.End(), call}
			}
		}
	}
	return extent{start: pos}
}

func nameOf(fset *token.FileSet, call *ast.CallExpr) token.Pos {
	line := func(pos token.Pos) int { return fset.Position(pos).Line }
	if line(call.Pos()) == line(call.Lparen) {
		return call.Pos()
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.Sel.Pos()
	}
	return call.Lparen
}
