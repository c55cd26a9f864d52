// Package output writes what a run found, in the format that the reader of it
// wants: one file a format.
package output

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/rule"
)

// Report is the result of a run.
type Report struct {
	Findings []*finding.Finding // in the order of the source
	Rules    []rule.Rule        // of the passes that ran
	Problems []string           // why there may be more: what could not be analyzed
	Notes    []string           // what was left out on purpose, for standard error
	Packages int                // how many were
	LeftOut  int                // how many packages were not
	Version  string             // of the program
	Root     string             // the directory of the repository, absolute: code hosts name files as seen from there
	Look     Look               // of what is written for people
}

// Look is how a terminal shows what is written for people.
type Look struct {
	Color bool
	Plain bool // draw with ASCII alone
	Width int  // columns
}

// A format is a way to write a report.
type format struct {
	name, use string
	fixes     bool // whether it includes fixes
	write     func(io.Writer, *Report) error
}

var formats = []format{
	{"text", "one finding per line", false, writeText},
	{"pretty", "for people, with the source lines of check and use", true, writePretty},
	{"html", "a self-contained HTML page", true, writeHTML},
	{"json", "all data of each finding, with its own schema", true, writeJSON},
	{"vet", "JSON like that of go vet -json", true, writeVet},
	{"sarif", "SARIF 2.1.0, for code scanning", true, writeSARIF},
	{"github", "GitHub Actions annotations", false, writeGitHub},
	{"gitlab", "GitLab code quality report", false, writeGitLab},
	{"checkstyle", "Checkstyle XML", false, writeCheckstyle},
	{"junit", "JUnit XML, with one failed test case per finding", false, writeJUnit},
}

// Formats returns the names of the formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// HasFixes reports whether the format of that name includes fixes.
func HasFixes(name string) bool {
	return slices.ContainsFunc(formats, func(f format) bool { return f.name == name && f.fixes })
}

// Write writes the report in the format of that name.
func Write(w io.Writer, name string, r *Report) error {
	for _, f := range formats {
		if f.name == name {
			return f.write(w, r)
		}
	}
	return fmt.Errorf("unknown format %s", name)
}

// rule returns the rule of a finding, or one with nothing but its name.
func (r *Report) rule(f *finding.Finding) rule.Rule {
	for _, rule := range r.Rules {
		if rule.Name == f.Rule {
			return rule
		}
	}
	return rule.Rule{Name: f.Rule}
}

// inRepository returns the name of the place's file as seen from the root of
// the repository, with slashes, and whether it lies below that.
func (r *Report) inRepository(p finding.Place) (string, bool) {
	if name, err := filepath.Rel(r.Root, p.Path); err == nil && filepath.IsLocal(name) {
		return filepath.ToSlash(name), true
	}
	return filepath.ToSlash(p.Path), false
}

// oneLine joins the lines of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
