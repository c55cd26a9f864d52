package lsp

import (
	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/severity"
)

// source is what editors show as the origin of a diagnostic.
const source = "toctou"

// diagnostic returns what the editor shows of a finding.
func (v *view) diagnostic(f *finding.Finding, pageOf func(rule string) string) diagnostic {
	d := diagnostic{
		Range:    v.span(f.Use),
		Severity: severityWarning,
		Code:     f.Rule,
		Source:   source,
		Message:  f.Message,
	}
	if f.Severity == severity.Low {
		d.Severity = severityInformation
	}
	if page := pageOf(f.Rule); page != "" {
		d.CodeDescription = &codeDescription{page}
	}
	if f.Reason.ID != "" {
		d.Data = &diagnosticData{Reason: f.Reason.ID, Severity: f.Severity.String(), Strict: f.Reason.Strict, Unfixed: f.Unfixed}
	}
	if f.Reason.Text != "" {
		d.Message += "\n" + f.Reason.Text
	}
	if f.Check != nil {
		d.RelatedInformation = append(d.RelatedInformation, related{v.location(*f.Check), f.Check.Says})
	}
	for _, n := range f.Notes {
		d.RelatedInformation = append(d.RelatedInformation, related{v.location(n.Place), n.Message})
	}
	return d
}

// span returns the range of a place.
func (v *view) span(p finding.Place) span {
	return v.text(p.Path).span(p.Start.Offset, p.End.Offset)
}

func (v *view) location(p finding.Place) location { return location{v.uri(p.Path), v.span(p)} }

// problem returns a diagnostic of a file that is no Go source, such as the settings
// file.
func (v *view) problem(p Problem) diagnostic {
	t := v.text(p.File)
	line := min(max(p.Line-1, 0), len(t.lines)-1)
	from := t.lines[line]
	return diagnostic{
		Range:    t.span(from, from+len(t.line(line))),
		Severity: severityError,
		Source:   source,
		Message:  p.Message,
	}
}
