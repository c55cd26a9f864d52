package output

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
)

// The narrowest that is drawn for, and the widest that can be read well.
const (
	minWidth = 40
	maxWidth = 140
)

// writePretty shows each finding in its source, and counts them in the end.
func writePretty(w io.Writer, r *Report) error {
	p := &printer{Look: r.Look, strokes: r.Look.strokes(), sources: make(sources)}
	p.Width = max(minWidth, min(p.Width, maxWidth))
	for _, f := range r.Findings {
		p.finding(f, r.rule(f).URL())
	}
	p.summary(r)
	_, err := io.WriteString(w, p.String())
	return err
}

// A printer draws findings.
type printer struct {
	strings.Builder
	Look
	strokes
	sources sources
	margin  int // the width of line numbers
}

// A mark is a place that is pointed at.
type mark struct {
	finding.Place
	label string
	color color
}

func (p *printer) finding(f *finding.Finding, url string) {
	p.heading(f)
	use := mark{f.Use, "", useColor}
	marks := []mark{use}
	p.margin = len(fmt.Sprint(f.Use.Start.Line))
	if f.Check != nil {
		marks[0].label = "use: " + use.Operation
		marks = append(marks, mark{*f.Check, f.Check.Says, checkColor})
	}
	var notes []mark
	for _, n := range f.Notes {
		notes = append(notes, mark{n.Place, n.Message, noteColor})
	}
	for _, m := range slices.Concat(marks, notes) {
		p.margin = max(p.margin, len(fmt.Sprint(m.Start.Line)))
	}

	p.where(p.file, f.Use)
	if f.Check != nil && f.Check.Path == f.Use.Path {
		slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.Start.Offset, b.Start.Offset) })
		p.excerpt(marks, f.Check.Start.Line < f.Use.Start.Line)
	} else {
		p.excerpt(marks[:1], false)
		notes = append(marks[1:], notes...)
	}
	for _, n := range notes {
		p.where(p.note, n.Place)
		p.excerpt([]mark{n}, false)
	}

	if f.Reason.Text != "" {
		p.remark("why", fmt.Sprintf("%s [%s, %s]", f.Reason.Text, f.Reason.ID, f.Severity))
	}
	if f.Witness != nil {
		p.remark("witness", f.Witness.String())
	}
	if len(f.Platforms) > 0 {
		p.remark("on", strings.Join(f.Platforms, ", "))
	}
	switch {
	case len(f.Fixes) > 0:
		p.remark("fix", f.Fixes[0].Message)
	case f.Missing != "":
		p.remark("fix", "needs "+f.Missing+", which 'toctou fix' adds to go.mod")
	}
	p.remark("see", url)
	p.WriteString("\n")
}

// heading writes what was found, and by which pass.
func (p *printer) heading(f *finding.Finding) {
	lines := wrap(f.Rule+": "+harmless(f.Message), p.Width)
	for i, line := range lines {
		if i == 0 {
			p.WriteString(p.paint(ruleColor, f.Rule))
			line = strings.TrimPrefix(line, f.Rule)
		}
		p.WriteString(p.paint(strongColor, line) + "\n")
	}
}

// where writes which file what follows is from.
func (p *printer) where(sign string, at finding.Place) {
	fmt.Fprintf(p, "%s %s:%d:%d\n", p.paint(faintColor, strings.Repeat(" ", p.margin)+sign), harmless(at.File), at.Start.Line, at.Start.Column)
}

// remark writes a line about a finding. It is not below the source, so that
// the addresses of the rules fit into 80 columns.
func (p *printer) remark(what, text string) {
	indent := strings.Repeat(" ", len("  "+what+": "))
	lines := wrap(harmless(text), p.Width-len(indent))
	fmt.Fprintf(p, "  %s %s\n", p.paint(faintColor, what+":"), strings.Join(lines, "\n"+indent))
}

// summary counts the findings by pass.
func (p *printer) summary(r *Report) {
	switch {
	case r.Packages == 0:
		return // why that is so has been said
	case len(r.Findings) == 0:
		fmt.Fprintf(p, "no findings in %s\n", count(r.Packages, "package"))
		return
	}
	byRule := make(map[string]int)
	fixable := 0
	for _, f := range r.Findings {
		byRule[f.Rule]++
		if len(f.Fixes) > 0 || f.Missing != "" {
			fixable++
		}
	}
	rules := slices.SortedFunc(maps.Keys(byRule), func(a, b string) int {
		return cmp.Or(cmp.Compare(byRule[b], byRule[a]), cmp.Compare(a, b))
	})
	for i, rule := range rules {
		rules[i] = fmt.Sprintf("%d %s", byRule[rule], rule)
	}
	text := fmt.Sprintf("%s: %s", count(len(r.Findings), "finding"), strings.Join(rules, ", "))
	if fixable > 0 {
		text += fmt.Sprintf("; %d can be fixed: toctou fix", fixable)
	}
	for _, line := range wrap(text, p.Width) {
		p.WriteString(p.paint(strongColor, line) + "\n")
	}
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
