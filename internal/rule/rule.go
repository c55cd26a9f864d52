// Package rule has the text of a pass: what users read about it in the terminal, on
// its page, in editors and on code hosts.
package rule

import (
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"
)

// site is where the rules are explained.
const site = "https://github.com/edcacfbd/toctou/blob/main/docs/rules/"

// Rule is what a user can read about one pass.
type Rule struct {
	Name  string // the pass: statopen
	Title string // one line: what it finds
	First string // one clause: what happens at the check; empty if that is a lookup of the path
	CWE   []int  // the weaknesses that it names, the nearest first
	Doc   string // what it finds and why that matters, before and after

	// Of a pass that finds races.
	Fix        string      // what toctou fix does
	Silence    string      // what it leaves alone or to strict mode, and when to suppress it
	References []Reference // where to read on

	// Between says what can happen between the check and the use, a clause; empty for
	// what most passes are about, that the path leads to something else.
	Between string

	// Severity is a CVSS 3.1 base score, for code hosts that order findings by
	// it: that of a local attacker who has to win a race (AV:L/AC:H/PR:L/UI:N/S:U),
	// 4.7 if that gains one of confidentiality and integrity and 6.3 if both.
	// It is zero if a crash or a second process does the harm, and no attacker gains
	// from it.
	Severity float64
}

// A Reference is something to read about the weakness.
type Reference struct{ Title, URL string }

// Text returns all that is said about the pass, for a terminal.
func (r Rule) Text() string {
	b := new(strings.Builder)
	b.WriteString(r.Doc)
	for _, s := range r.sections() {
		fmt.Fprintf(b, "\n\n%s:\n\n%s", s.heading, s.text)
	}
	if len(r.References) > 0 {
		b.WriteString("\n\nReferences:\n")
	}
	for _, ref := range r.References {
		fmt.Fprintf(b, "\n  - %s\n    %s", ref.Title, ref.URL)
	}
	return b.String()
}

// Markdown returns all that is said about the pass, for web pages.
func (r Rule) Markdown() string {
	var p comment.Parser
	var printer comment.Printer
	b := new(strings.Builder)
	b.Write(printer.Markdown(p.Parse(r.Doc)))
	for _, s := range r.sections() {
		fmt.Fprintf(b, "\n## %s\n\n%s", s.heading, printer.Markdown(p.Parse(s.text)))
	}
	if len(r.References) > 0 {
		b.WriteString("\n## References\n\n")
	}
	for _, ref := range r.References {
		fmt.Fprintf(b, "- [%s](%s)\n", ref.Title, ref.URL)
	}
	return b.String()
}

// A section is a part of a rule's text.
type section struct{ heading, text string }

// sections returns what follows the Doc and has words.
func (r Rule) sections() []section {
	all := []section{{"The fix", r.Fix}, {"What it leaves alone, and when to suppress it", r.Silence}}
	return slices.DeleteFunc(all, func(s section) bool { return s.text == "" })
}

// URL returns the address of the rule's page.
func (r Rule) URL() string { return fmt.Sprintf("%s%s.md", site, r.Name) }
