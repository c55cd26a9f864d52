package output

import (
	"encoding/json"
	"io"
	"path/filepath"

	"github.com/edcacfbd/toctou/internal/finding"
)

// SchemaVersion is of the format json. It changes when a field is taken away
// or means something else, not when one is added.
const SchemaVersion = 1

// These types are described for users in docs/output.schema.json.
type (
	jsonReport struct {
		Version  int           `json:"version"`
		Tool     jsonTool      `json:"tool"`
		Findings []jsonFinding `json:"findings"`
		Problems []string      `json:"problems"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonFinding struct {
		Rule        string         `json:"rule"`
		Message     string         `json:"message"`
		Reason      string         `json:"reason,omitempty"`
		Because     string         `json:"because,omitempty"`
		Severity    string         `json:"severity,omitempty"`
		URL         string         `json:"url"`
		CWE         []int          `json:"cwe"`
		Package     string         `json:"package"`
		Function    string         `json:"function,omitempty"`
		Fingerprint string         `json:"fingerprint"`
		Use         jsonOperation  `json:"use"`
		Check       *jsonOperation `json:"check,omitempty"`
		Notes       []jsonNote     `json:"notes,omitempty"`
		Fixes       []jsonFix      `json:"fixes,omitempty"`
		Unfixed     string         `json:"unfixed,omitempty"`
		Missing     string         `json:"missing,omitempty"`
		Platforms   []string       `json:"platforms,omitempty"`
		Witness     *jsonWitness   `json:"witness,omitempty"`
	}
	jsonWitness struct {
		Verdict string `json:"verdict"`
		Test    string `json:"test,omitempty"`
		Text    string `json:"text"`
	}
	jsonOperation struct {
		jsonPlace
		Expression string `json:"expression"`
		Operation  string `json:"operation,omitempty"`
	}
	jsonPlace struct {
		File  string       `json:"file"`
		Start jsonPosition `json:"start"`
		End   jsonPosition `json:"end"`
	}
	jsonPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
		Offset int `json:"offset"`
	}
	jsonNote struct {
		jsonPlace
		Message string `json:"message"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		jsonPlace
		New string `json:"new"`
	}
)

// writeJSON writes all that is known, by our own schema.
func writeJSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Version:  SchemaVersion,
		Tool:     jsonTool{"toctou", r.Version},
		Findings: []jsonFinding{},
		Problems: append([]string{}, r.Problems...),
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, r.json(f))
	}
	return encode(w, out)
}

func (r *Report) json(f *finding.Finding) jsonFinding {
	rule := r.rule(f)
	j := jsonFinding{
		Rule:        f.Rule,
		Message:     f.Message,
		Reason:      f.Reason.ID,
		Because:     f.Reason.Text,
		Severity:    f.Severity.String(),
		URL:         rule.URL(),
		CWE:         append([]int{}, rule.CWE...),
		Package:     f.Package,
		Function:    f.Function,
		Fingerprint: f.Fingerprint,
		Use:         newJSONOperation(f.Use),
		Unfixed:     f.Unfixed,
		Missing:     f.Missing,
		Platforms:   f.Platforms,
	}
	if w := f.Witness; w != nil {
		j.Witness = &jsonWitness{string(w.Verdict), w.Test, w.Text}
	}
	if f.Check != nil {
		check := newJSONOperation(*f.Check)
		j.Check = &check
	}
	for _, n := range f.Notes {
		j.Notes = append(j.Notes, jsonNote{newJSONPlace(n.Place), n.Message})
	}
	for _, fix := range f.Fixes {
		jf := jsonFix{Message: fix.Message, Edits: []jsonEdit{}}
		for _, e := range fix.Edits {
			jf.Edits = append(jf.Edits, jsonEdit{newJSONPlace(e.Place), e.New})
		}
		j.Fixes = append(j.Fixes, jf)
	}
	return j
}

func newJSONOperation(p finding.Place) jsonOperation {
	return jsonOperation{newJSONPlace(p), p.Expr, p.Operation}
}

func newJSONPlace(p finding.Place) jsonPlace {
	return jsonPlace{filepath.ToSlash(p.File), jsonPosition(p.Start), jsonPosition(p.End)}
}

// encode writes a value as JSON that people can read, too.
func encode(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(value)
}
