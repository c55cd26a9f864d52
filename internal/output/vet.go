package output

import (
	"fmt"
	"io"

	"github.com/edcacfbd/toctou/internal/finding"
)

// These types are the JSON of golang.org/x/tools/internal/analysis/driverutil,
// which is what go vet -json and other drivers print.
type (
	vetDiagnostic struct {
		Category string       `json:"category,omitempty"`
		Posn     string       `json:"posn"`
		End      string       `json:"end"`
		Message  string       `json:"message"`
		Fixes    []vetFix     `json:"suggested_fixes,omitempty"`
		Related  []vetRelated `json:"related,omitempty"`
	}
	vetFix struct {
		Message string    `json:"message"`
		Edits   []vetEdit `json:"edits"`
	}
	vetEdit struct {
		File  string `json:"filename"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	}
	vetRelated struct {
		Posn    string `json:"posn"`
		End     string `json:"end"`
		Message string `json:"message"`
	}
)

// writeVet writes the findings as go vet -json does, by package and pass. File
// names are absolute there.
func writeVet(w io.Writer, r *Report) error {
	out := make(map[string]map[string][]vetDiagnostic)
	for _, f := range r.Findings {
		if out[f.Package] == nil {
			out[f.Package] = make(map[string][]vetDiagnostic)
		}
		out[f.Package][f.Rule] = append(out[f.Package][f.Rule], newVetDiagnostic(f))
	}
	return encode(w, out)
}

func newVetDiagnostic(f *finding.Finding) vetDiagnostic {
	d := vetDiagnostic{
		Category: f.Rule,
		Posn:     posn(f.Use, f.Use.Start),
		End:      posn(f.Use, f.Use.End),
		Message:  f.Message,
	}
	if f.Check != nil {
		d.Related = append(d.Related, newVetRelated(*f.Check, f.Check.Says))
	}
	for _, fix := range f.Fixes {
		vf := vetFix{Message: fix.Message, Edits: []vetEdit{}}
		for _, e := range fix.Edits {
			vf.Edits = append(vf.Edits, vetEdit{e.Path, e.Start.Offset, e.End.Offset, e.New})
		}
		d.Fixes = append(d.Fixes, vf)
	}
	return d
}

func newVetRelated(p finding.Place, message string) vetRelated {
	return vetRelated{posn(p, p.Start), posn(p, p.End), message}
}

func posn(p finding.Place, at finding.Position) string {
	return fmt.Sprintf("%s:%d:%d", p.Path, at.Line, at.Column)
}
