package output

import (
	"fmt"
	"io"
	"strings"
)

// writeText writes one finding a line, as compilers do. Of what strict mode alone
// reports, the line says why:
//
//	a.go:16:20: os.ReadFile fails if … [strict: the callee may fail if …] (statopen)
//
// What the tests say of it follows on a line of its own, which begins with a tab.
func writeText(w io.Writer, r *Report) error {
	for _, f := range r.Findings {
		at := f.Use.Start
		why := ""
		if f.Reason.Strict {
			why = fmt.Sprintf(" [strict: %s]", f.Reason.Text)
		}
		if len(f.Platforms) > 0 {
			why += fmt.Sprintf(" [on %s]", strings.Join(f.Platforms, ", "))
		}
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s%s (%s)\n", f.Use.File, at.Line, at.Column, oneLine(f.Message), why, f.Rule); err != nil {
			return err
		}
		if f.Witness == nil {
			continue
		}
		if _, err := fmt.Fprintf(w, "\t%s\n", oneLine(f.Witness.String())); err != nil {
			return err
		}
	}
	return nil
}
