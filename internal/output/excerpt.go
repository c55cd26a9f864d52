package output

import (
	"fmt"
	"strings"
)

// An excerpt shows the lines of a file that marks point at.
type excerpt struct {
	*printer
	marks  []mark // in order
	window bool   // the marks are the ends of a window, which is drawn beside the source
	width  int    // that is left for the source
	indent int    // how many tabs all lines begin with, which are left out
}

// excerpt shows the marks, which are of one file, if that can be read.
func (p *printer) excerpt(marks []mark, window bool) {
	e := &excerpt{printer: p, marks: marks, window: window, indent: -1}
	e.width = p.Width - p.margin - len(" | ")
	if window {
		e.width -= widths.StringWidth(e.side)
	}
	for _, m := range marks {
		line, ok := p.sources.line(m.Path, m.Start.Line)
		if !ok {
			return
		}
		if n := tabs(line); e.indent < 0 || n < e.indent {
			e.indent = n
		}
	}
	e.row("", e.bar, "", "")
	for i := range marks {
		e.mark(i)
	}
}

// tabs counts the tabs that a line begins with.
func tabs(line string) int { return len(line) - len(strings.TrimLeft(line, "\t")) }

// row writes a line: the margin left of the source, the window, and the rest.
func (e *excerpt) row(number, bar, window, rest string) {
	e.WriteString(e.paint(faintColor, fmt.Sprintf("%*s %s", e.margin, number, bar)))
	if window+rest != "" {
		e.WriteString(" " + e.paint(windowColor, window) + rest)
	}
	e.WriteString("\n")
}

// mark shows the i-th mark: what lies between it and the last one, its line,
// and the mark below that.
func (e *excerpt) mark(i int) {
	m := e.marks[i]
	var above, corner, below string // of the window, seen from the mark
	if e.window {
		above, corner, below = e.outside(), e.top, e.side
		if i > 0 {
			above, corner, below = e.side, e.low, e.outside()
		}
	}
	if i > 0 {
		e.between(e.marks[i-1], m)
	}
	text, from, to := e.cut(m)
	if i == 0 || m.Start.Line != e.marks[i-1].Start.Line {
		e.row(fmt.Sprint(m.Start.Line), e.bar, above, strings.TrimRight(text, " "))
	}

	lead := strings.Repeat(" ", from)
	if e.window {
		lead, corner = "", corner+strings.Repeat(e.across, from)
	}
	underline := lead + e.paint(m.color, strings.Repeat(e.under, to-from))
	label := harmless(m.label)
	switch {
	case label == "":
		e.row("", e.bar, corner, underline)
		return
	case to+1+widths.StringWidth(label) <= e.width:
		e.row("", e.bar, corner, underline+" "+e.paint(m.color, label))
		return
	}
	// There is no room for the label beside the mark.
	e.row("", e.bar, corner, underline)
	at := min(from, max(0, e.width-widths.StringWidth(label)))
	for _, line := range wrap(label, e.width-at) {
		e.row("", e.bar, below, strings.Repeat(" ", at)+e.paint(m.color, line))
	}
}

// outside is as wide as the side of the window.
func (e *excerpt) outside() string { return strings.Repeat(" ", widths.StringWidth(e.side)) }

// cut returns the line of a mark as it is shown, and the columns of the mark.
func (e *excerpt) cut(m mark) (text string, from, to int) {
	line, _ := e.sources.line(m.Path, m.Start.Line)
	end := len(line)
	if m.End.Line == m.Start.Line {
		end = m.End.Column - 1
	}
	r := newRow(line[e.indent:])
	from = r.column(m.Start.Column - 1 - e.indent)
	to = max(from+1, r.column(end-e.indent))
	return r.cut(from, to, e.width, e.ellipsis)
}

// between shows what lies between two marks: a line or two, or how many.
func (e *excerpt) between(a, b mark) {
	side := ""
	if e.window {
		side = e.side
	}
	first, last := a.Start.Line+1, b.Start.Line-1
	if last-first >= 2 {
		e.row("", e.gap, side, e.paint(faintColor, fmt.Sprintf("%d lines in between", last-first+1)))
		return
	}
	for n := first; n <= last; n++ {
		line, _ := e.sources.line(a.Path, n)
		text, _, _ := newRow(line[min(e.indent, tabs(line)):]).cut(0, 1, e.width, e.ellipsis)
		e.row(fmt.Sprint(n), e.bar, side, strings.TrimRight(text, " "))
	}
}
