package report

import (
	"fmt"
	"go/doc/comment"
)

// site is where the rules are explained.
const site = "https://github.com/edcacfbd/toctou/blob/main/docs/rules/"

// Rule is what a user can read about one pass.
type Rule struct {
	Name  string // the pass: statopen
	Title string // one line: what it finds
	CWE   []int  // the weaknesses that it names, the nearest first
	Doc   string // the pass's documentation, the text of its doc.go

	// Severity is a CVSS 3.1 base score, for code hosts that order findings by
	// it: that of a local attacker who has to win a race (AV:L/AC:H/PR:L/UI:N/S:U),
	// 4.7 if that gains one of confidentiality and integrity and 6.3 if both.
	// It is zero where a crash or a second process does the harm, and nobody
	// gains.
	Severity float64
}

// Markdown returns the pass's documentation for web pages.
func (r Rule) Markdown() string {
	var p comment.Parser
	printer := comment.Printer{HeadingLevel: 2, HeadingID: func(*comment.Heading) string { return "" }}
	return string(printer.Markdown(p.Parse(r.Doc)))
}

// URL returns the address of the rule's page.
func (r Rule) URL() string { return fmt.Sprintf("%s%s.md", site, r.Name) }
