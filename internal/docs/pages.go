package main

import (
	"bytes"
	"flag"
	"fmt"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/race"
	"github.com/edcacfbd/toctou/passes"
)

// notice says in a page's source where to change the text.
const notice = "<!-- Written by go run ./internal/docs: change the pass's Rule instead. -->\n\n"

// pages returns the pages by file name: one for each pass, and their index.
func pages() map[string][]byte {
	analyzers := make(map[string]*analysis.Analyzer)
	for _, a := range passes.New(new(passes.Settings)) {
		analyzers[a.Name] = a
	}
	all := make(map[string][]byte)
	index := bytes.NewBufferString(notice + "# The passes\n\n| pass | finds | reports | weakness |\n|---|---|---|---|\n")
	for _, rule := range passes.Rules() {
		all[rule.Name+".md"] = page(rule, analyzers[rule.Name])
		fmt.Fprintf(index, "| [%s](%s.md) | %s | %s | %s |\n", rule.Name, rule.Name, rule.Title, level(rule), weaknesses(rule))
	}
	index.WriteString("\nA pass that reports only with `-strict` also reports if the command line names only such\npasses, for example `toctou -walkrace ./...`. The other passes report more findings in\nstrict mode. Each finding of strict mode includes its reason.\nThe [glossary](../glossary.md) explains the terms.\n")
	all["README.md"] = index.Bytes()
	return all
}

// page returns the page of one pass.
func page(rule passes.Rule, a *analysis.Analyzer) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s# %s\n\n%s.\n\n", notice, rule.Name, capitalized(rule.Title))
	if race.StrictOnly(race.Kind(rule.Name)) {
		fmt.Fprintf(&b, "It reports only in strict mode: with `-strict`, with `-%s.strict`, or with `-%s` and no other pass.\n\n", rule.Name, rule.Name)
	}
	if rule.Doc != rule.Title {
		b.WriteString(rule.Markdown())
	}
	if len(rule.CWE) > 0 {
		fmt.Fprintf(&b, "\n## Weakness\n\n%s.\n", weaknesses(rule))
	}
	fmt.Fprintf(&b, "\n## Flags\n\n- `-%s`: run only this pass; `-%s=false` runs all others.\n", rule.Name, rule.Name)
	if a != nil {
		a.Flags.VisitAll(func(f *flag.Flag) {
			fmt.Fprintf(&b, "- `-%s.%s`: %s.\n", rule.Name, f.Name, f.Usage)
		})
	}
	b.WriteString("\nThe [glossary](../glossary.md) explains the terms.\n")
	return b.Bytes()
}

// level says when a pass reports.
func level(rule passes.Rule) string {
	if race.StrictOnly(race.Kind(rule.Name)) {
		return "with `-strict`"
	}
	return "by default"
}

// weaknesses lists the weaknesses that the rule names, with their pages.
func weaknesses(rule passes.Rule) string {
	links := make([]string, len(rule.CWE))
	for i, n := range rule.CWE {
		links[i] = fmt.Sprintf("[CWE-%d](https://cwe.mitre.org/data/definitions/%d.html)", n, n)
	}
	return strings.Join(links, ", ")
}

// capitalized returns the text with a capital first letter.
func capitalized(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
