package driver

import (
	"bytes"
	"go/token"
	"os"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/race"
)

// A gatherer turns the diagnostics of one pass about one package into
// findings.
type gatherer struct {
	dir   string // that file names are relative to
	act   *checker.Action
	known *pass.Result

	offsets offsets
}

func newGatherer(dir string, act *checker.Action) *gatherer {
	known, _ := act.Result.(*pass.Result)
	return &gatherer{dir, act, known, make(offsets)}
}

func (g *gatherer) finding(d analysis.Diagnostic) *finding.Finding {
	f := &finding.Finding{
		Rule:    g.act.Analyzer.Name,
		Message: d.Message,
		Package: g.act.Package.ID,
		Use:     g.place(d.Pos, d.End),
	}
	related := d.Related
	if r := g.known.Of(d); r != nil {
		f.Reason = finding.Reason{ID: r.Reason.ID, Text: r.Reason.Text, Strict: r.Reason.Level == race.Strict}
		f.Severity, f.Aspect = r.Reason.Severity, string(r.Aspect)
		f.Function, f.Unfixed, f.Missing = r.Function, r.Unfixed, r.Missing
		f.Use = g.operation(r.Use)
		if r.Check != nil {
			check := g.operation(*r.Check)
			check.Says, related = related[0].Message, related[1:]
			f.Check = &check
			f.Notes = g.performed(f.Notes, r.Check)
		}
		f.Notes = g.performed(f.Notes, &r.Use)
	}
	for _, r := range related {
		f.Notes = append(f.Notes, finding.Note{Place: g.place(r.Pos, r.End), Message: r.Message})
	}
	for _, s := range d.SuggestedFixes {
		fix := finding.Fix{Message: s.Message}
		for _, e := range s.TextEdits {
			fix.Edits = append(fix.Edits, finding.Edit{Place: g.place(e.Pos, e.End), New: string(e.NewText)})
		}
		f.Fixes = append(f.Fixes, fix)
	}
	return f
}

// performed adds a note on where the operation is performed, if not where it
// is called for.
func (g *gatherer) performed(notes []finding.Note, o *pass.Operation) []finding.Note {
	if o.Performed == nil {
		return notes
	}
	return append(notes, finding.Note{Place: g.operation(*o.Performed), Message: o.Performed.Name + " is called here"})
}

func (g *gatherer) operation(o pass.Operation) finding.Place {
	p := g.place(o.Pos, o.End)
	p.Expr, p.Operation = o.Expr, o.Name
	return p
}

// place returns the part of the source between two positions, the second of
// which may be missing.
func (g *gatherer) place(pos, end token.Pos) finding.Place {
	if !end.IsValid() {
		end = pos
	}
	fset := g.act.Package.Fset
	from, to := fset.Position(pos), fset.Position(end)
	if from.Filename != fset.PositionFor(pos, false).Filename {
		// The file was made of another one, by cgo for example: it is offsets in that
		// one that count.
		from.Offset, to.Offset = g.offsets.of(from), g.offsets.of(to)
	}
	return finding.Place{
		File:  relative(g.dir, from.Filename),
		Path:  from.Filename,
		Start: finding.Position{Line: from.Line, Column: from.Column, Offset: from.Offset},
		End:   finding.Position{Line: to.Line, Column: to.Column, Offset: to.Offset},
	}
}

// offsets are where the lines of files begin, by file name.
type offsets map[string][]int

// of returns the offset of a position in its file, or zero if that cannot be read
// or has no such line, which a //line comment may claim.
func (o offsets) of(p token.Position) int {
	starts, ok := o[p.Filename]
	if !ok {
		if text, err := os.ReadFile(p.Filename); err == nil {
			at := 0
			for line := range bytes.Lines(text) {
				starts = append(starts, at)
				at += len(line)
			}
		}
		o[p.Filename] = starts
	}
	if p.Line < 1 || p.Line > len(starts) {
		return 0
	}
	return starts[p.Line-1] + max(p.Column, 1) - 1
}
