package output

import (
	"fmt"
	"io"
)

// writeText writes one finding a line, as compilers do.
func writeText(w io.Writer, r *Report) error {
	for _, f := range r.Findings {
		at := f.Use.Start
		if _, err := fmt.Fprintf(w, "%s:%d:%d: %s (%s)\n", f.Use.File, at.Line, at.Column, oneLine(f.Message), f.Rule); err != nil {
			return err
		}
	}
	return nil
}
