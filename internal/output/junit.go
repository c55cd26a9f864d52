package output

import (
	"encoding/xml"
	"fmt"
	"io"
	"path/filepath"
)

// These types are a report of JUnit, as far as the readers of such agree.
type (
	junit struct {
		XMLName  xml.Name   `xml:"testsuites"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Suite    junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes each finding as a test case that failed, and each problem as one
// that could not be run. Without any there is one that passed, since many readers
// take a report without test cases for a mistake.
func writeJUnit(w io.Writer, r *Report) error {
	suite := junitSuite{Name: "toctou", Failures: len(r.Findings), Errors: len(r.Problems)}
	for _, f := range r.Findings {
		name := filepath.ToSlash(f.Use.File)
		kind := f.Rule
		if s := f.Severity.String(); s != "" {
			kind += ": " + s
		}
		text := fmt.Sprintf("%s:%d:%d: %s", name, f.Use.Start.Line, f.Use.Start.Column, f.Message)
		if f.Reason.Text != "" {
			text += "\nreason: " + f.Reason.Text
		}
		suite.Cases = append(suite.Cases, junitCase{
			Class:   "toctou." + f.Rule,
			Name:    fmt.Sprintf("%s:%d:%d", name, f.Use.Start.Line, f.Use.Start.Column),
			File:    name,
			Line:    f.Use.Start.Line,
			Failure: &junitFailure{f.Message, kind, text + "\n" + r.rule(f).URL()},
		})
	}
	for _, problem := range r.Problems {
		suite.Cases = append(suite.Cases, junitCase{Class: "toctou", Name: "problem", Error: &junitFailure{Message: problem, Type: "problem"}})
	}
	if len(suite.Cases) == 0 {
		suite.Cases = append(suite.Cases, junitCase{Class: "toctou", Name: "no findings"})
	}
	suite.Tests = len(suite.Cases)
	data, err := xml.MarshalIndent(junit{Tests: suite.Tests, Failures: suite.Failures, Errors: suite.Errors, Suite: suite}, "", "\t")
	if err != nil {
		return err
	}
	_, err = w.Write([]byte(xml.Header + string(data) + "\n"))
	return err
}
