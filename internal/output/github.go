package output

import (
	"fmt"
	"io"
	"strings"
)

// writeGitHub writes workflow commands, which GitHub Actions shows as
// annotations of the lines.
func writeGitHub(w io.Writer, r *Report) error {
	var b strings.Builder
	for _, f := range r.Findings {
		name, _ := r.inRepository(f.Use)
		properties := []string{
			"file=" + escapeProperty(name),
			fmt.Sprintf("line=%d", f.Use.Start.Line),
			fmt.Sprintf("endLine=%d", f.Use.End.Line),
		}
		if f.Use.End.Line == f.Use.Start.Line { // columns are of one line
			properties = append(properties, fmt.Sprintf("col=%d", f.Use.Start.Column), fmt.Sprintf("endColumn=%d", f.Use.End.Column))
		}
		properties = append(properties, "title="+escapeProperty("toctou: "+f.Rule))
		fmt.Fprintf(&b, "::%s %s::%s\n", hostLevels[f.Severity].github, strings.Join(properties, ","), escapeData(f.Message+"\n"+r.rule(f).URL()))
	}
	for _, problem := range r.Problems {
		fmt.Fprintf(&b, "::error title=toctou::%s\n", escapeData(problem))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escapeData writes the text of a command as the runner reads it.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty writes the value of a property as the runner reads it.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
