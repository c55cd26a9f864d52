package pass

import (
	"fmt"
	"iter"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
)

// once iterates over the defects of findings: for each, the first finding that it causes,
// and the others. If a defect is in another module, the user cannot fix it at each call.
func once(findings []*race.Finding) iter.Seq2[*race.Finding, []*race.Finding] {
	return func(yield func(*race.Finding, []*race.Finding) bool) {
		seen := make(map[string]bool)
		for i, f := range findings {
			defect := f.Defect()
			if defect == "" {
				if !yield(f, nil) {
					return
				}
				continue
			}
			if seen[defect] {
				continue
			}
			seen[defect] = true
			others := slices.DeleteFunc(slices.Clone(findings[i+1:]), func(g *race.Finding) bool { return g.Defect() != defect })
			if !yield(f, others) {
				return
			}
		}
	}
}

// repeat adds to a diagnostic the other calls that lead to its defect.
func repeat(p *analysis.Pass, d *analysis.Diagnostic, others []*race.Finding) {
	switch len(others) {
	case 0:
		return
	case 1:
		d.Message += "; another call in this package does the same"
	default:
		d.Message += fmt.Sprintf("; %d other calls in this package do the same", len(others))
	}
	for _, f := range others {
		where := span(p, f.Pos())
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: where.start, End: where.end, Message: "this call does the same"})
	}
}
