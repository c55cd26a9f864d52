package rewrite

import (
	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/fix"
)

// Plan is a rewrite of a site. A strategy returns a whole plan, or the reason
// why there is none: what it could do in part is dropped with the plan.
type Plan struct {
	*fix.Edit
	s *Site
}

func (s *Site) plan() *Plan { return &Plan{s.Edit(), s} }

// done returns a plan, or why it was given up.
func (p *Plan) done() (*Plan, fix.Refusal) {
	if why := p.Refused(); why != "" {
		return nil, why
	}
	return p, ""
}

// And makes another plan part of this one.
func (p *Plan) And(other *Plan) *Plan {
	p.Add(other.Edit)
	return p
}

// Offer returns the fix that makes a plan, alone in a list, or why there is none:
// title is a capitalized verb phrase.
func (p *Plan) Offer(title string) ([]analysis.SuggestedFix, fix.Refusal) { return p.Fix(title) }

// ReplaceFunc has a call name another function, with the same arguments, and
// returns how it is named now.
func (p *Plan) ReplaceFunc(c *Call, pkgPath, name string) string {
	text := p.Use(pkgPath, name, c.Pos())
	p.Replace(c.Fun, text)
	return text
}

// copy returns the lines of a block.
func (p *Plan) copy(b *Block, indent string) string {
	if b.stmts == nil {
		return indent + b.text + "\n"
	}
	for id, text := range b.names {
		p.Rename(id, text)
	}
	return p.CopyBlock(b.stmts, indent)
}
