package report

import "fmt"

// site is where the rules are explained.
const site = "https://github.com/edcacfbd/toctou/blob/main/docs/rules/"

// Rule is what a user can read about one pass.
type Rule struct {
	Name  string // the pass: statopen
	Title string // one line: what it finds
	CWE   []int  // the weaknesses that it names, the nearest first
	Doc   string // the pass's documentation, the text of its doc.go
}

// URL returns the address of the rule's page.
func (r Rule) URL() string { return fmt.Sprintf("%s%s.md", site, r.Name) }
