package output

import (
	"encoding/xml"
	"io"
	"path/filepath"
)

// These types are Checkstyle's report.
type (
	checkstyle struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

// writeCheckstyle writes the findings by file, as Checkstyle does. File names
// are as in text: those who read the report may know nothing of repositories.
func writeCheckstyle(w io.Writer, r *Report) error {
	out := checkstyle{Version: "4.3"}
	for _, f := range r.Findings {
		name := filepath.ToSlash(f.Use.File)
		if n := len(out.Files); n == 0 || out.Files[n-1].Name != name {
			out.Files = append(out.Files, checkstyleFile{Name: name})
		}
		file := &out.Files[len(out.Files)-1]
		file.Errors = append(file.Errors, checkstyleError{f.Use.Start.Line, f.Use.Start.Column, hostLevels[f.Severity].checkstyle, f.Message, "toctou." + f.Rule})
	}
	data, err := xml.MarshalIndent(out, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(xml.Header + string(data) + "\n"))
	return err
}
