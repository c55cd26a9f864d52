package pass

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/internal/reach"
	"github.com/edcacfbd/toctou/internal/settings"
)

// offers settles which fixes of one package are offered. Two that change the
// same lines cannot both be made: the go command makes none at all in a package
// where two clash. So the finding whose kind comes first keeps its fix, and the
// other one gets its own when the code is looked at again.
type offers struct {
	pass   *analysis.Pass
	suite  *Suite
	common *common
}

// noRewrite is why a pass that offers no fixes at all has none.
const noRewrite fix.Refusal = "toctou has no fixes for this pass"

// settle returns the fixes that are offered with a finding or why there are none,
// and the package without which none can be.
func (o *offers) settle(f *race.Finding) (offered []analysis.SuggestedFix, why fix.Refusal, missing string) {
	s := o.suite
	if s.NoFixes {
		if s.Advise && !s.Lacking.Load() && o.lacks(f) {
			s.Lacking.Store(true)
		}
		return nil, "", ""
	}
	if s.Advise && o.lacks(f) {
		return nil, "the fix needs " + reach.Helper, reach.Helper
	}
	offered, why = o.of(f)
	return offered, why, ""
}

// lacks reports whether a finding has a fix only where the helper can be
// imported. One that has a fix of its own lacks nothing, even if that is not
// offered because the fix of another finding changes the same lines.
func (o *offers) lacks(f *race.Finding) bool {
	fixes := o.suite.passes[f.Kind].fixes
	if offered, _ := o.of(f); len(offered) > 0 || fixes == nil {
		return false
	}
	if own, _ := o.all(f); len(own) > 0 {
		return false
	}
	offered, _ := fixes(o.pass, withHelper(o.suite.Engine), f)
	return len(offered) > 0
}

// of returns the fixes of a finding that clash with no first fix of a finding
// that comes before it in the same function, or is about a call of that. One
// that is about the very same operation has the same fix.
func (o *offers) of(f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	return o.common.offer(f, func() ([]analysis.SuggestedFix, fix.Refusal) {
		fixes, why := o.all(f)
		if len(fixes) == 0 {
			return nil, why
		}
		body := o.body(f.Pos())
		for _, g := range o.common.around(f.Fn) {
			if !g.Before(f) {
				continue
			}
			first, _ := o.of(g)
			if len(first) == 0 {
				continue
			}
			if g.Use.Deep == f.Pos() || same(fixes[0], first[0]) {
				return first, ""
			}
			fixes = slices.DeleteFunc(fixes, func(fix analysis.SuggestedFix) bool { return clash(fix, first[0], body) })
		}
		if len(fixes) == 0 {
			return nil, "the fix of another finding changes the same lines; after that, this one may have its own"
		}
		return fixes, ""
	})
}

// all returns the fixes of a finding, or why there are none.
func (o *offers) all(f *race.Finding) ([]analysis.SuggestedFix, fix.Refusal) {
	fixes := o.suite.passes[f.Kind].fixes
	if fixes == nil {
		return nil, noRewrite
	}
	return fixes(o.pass, o.suite.Engine, f)
}

// body returns where the declarations that follow the imports begin in the file
// at pos.
func (o *offers) body(pos token.Pos) token.Pos {
	for _, file := range o.pass.Files {
		if pos < file.FileStart || pos >= file.FileEnd {
			continue
		}
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.GenDecl); !ok || d.Tok != token.IMPORT {
				return decl.Pos()
			}
		}
	}
	return token.NoPos
}

// same reports whether two fixes make the same edits: those of two calls of one function
// in which they are made.
func same(x, y analysis.SuggestedFix) bool {
	return slices.EqualFunc(x.TextEdits, y.TextEdits, func(a, b analysis.TextEdit) bool {
		return a.Pos == b.Pos && a.End == b.End && string(a.NewText) == string(b.NewText)
	})
}

// clash reports whether two fixes change the same place from body on: above it
// are the imports, and lines that are added there go together in any order.
func clash(x, y analysis.SuggestedFix, body token.Pos) bool {
	for _, a := range x.TextEdits {
		for _, b := range y.TextEdits {
			touch := a.Pos <= b.End && b.Pos <= a.End
			if touch && a.Pos >= body && b.Pos >= body {
				return true
			}
		}
	}
	return false
}

// withHelper returns the engine for fixes that may import the helper whether or
// not it is in reach.
func withHelper(e *race.Engine) *race.Engine {
	always := *e
	always.Settings = &settings.Settings{Helper: "always"}
	always.Env = &env.Env{Overlay: e.Env.Overlay, Hold: e.Env.Hold} // without the log, and what others keep
	return &always
}
