package output

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/severity"
	"github.com/edcacfbd/toctou/internal/textdiff"
)

// page has the parts of the page: its template, and the style and the script that
// become part of it.
//
//go:embed page
var page embed.FS

// These types are what the template shows.
type (
	htmlReport struct {
		Version  string
		Style    template.CSS
		Script   template.JS
		Findings int
		Analyzed string // how many packages
		Problems []string
		Counts   []htmlCounts
		Groups   []htmlGroup
	}

	// htmlCounts are the findings by one property.
	htmlCounts struct {
		By    string // severity
		Title string
		Rows  []htmlCount
	}
	htmlCount struct {
		Value, Note string
		N           int
	}

	// htmlGroup is the findings of one package.
	htmlGroup struct {
		Package  string
		Findings []htmlFinding
	}
	htmlFinding struct {
		*finding.Finding
		ID          string
		Severity    string
		Consequence string
		URL         string
		Between     string // what can happen between check and use; empty without a check
		Excerpts    []htmlExcerpt
		Fix         string // what the first fix does
		Diff        []htmlDiffLine
		Suppress    string // the comment that suppresses the finding
	}

	// htmlExcerpt is a part of one file.
	htmlExcerpt struct {
		File string
		Line int
		Says string // of a note
		Rows []htmlRow
	}
	htmlRow struct {
		Number int // zero for a row in place of lines that are left out
		Gap    int // how many lines those are
		Inside bool
		Spans  []htmlSpan
		Labels []htmlLabel // below the line
	}
	htmlSpan  struct{ Class, Text string }
	htmlLabel struct{ Class, Text string }

	htmlDiffLine struct{ Class, Text string }
)

// consequences says what happens to the user when a race of that severity is lost.
var consequences = [...]string{
	severity.Low:    "The program fails without need, or uses a wrong result. No data is lost.",
	severity.Medium: "Data is lost or partially written.",
	severity.High:   "A secret is exposed, another user's file is changed or removed, or code is executed.",
}

// writeHTML writes a page that needs no other file: findings are drawn in their
// source, from the check to the use, grouped by package.
func writeHTML(w io.Writer, r *Report) error {
	t, err := template.ParseFS(page, "page/page.html")
	if err != nil {
		return err
	}
	style, err := page.ReadFile("page/page.css")
	if err != nil {
		return err
	}
	script, err := page.ReadFile("page/page.js")
	if err != nil {
		return err
	}
	return t.Execute(w, newHTMLReport(r, template.CSS(style), template.JS(script))) //nolint:gosec // both are ours
}

func newHTMLReport(r *Report, style template.CSS, script template.JS) *htmlReport {
	out := &htmlReport{Version: r.Version, Style: style, Script: script, Findings: len(r.Findings), Analyzed: count(r.Packages, "package"), Problems: r.Problems}
	src := make(sources)
	place := make(map[string]int)
	bySeverity, byPass, byReason := newTally("severity", "Severity"), newTally("pass", "Pass"), newTally("reason", "Reason")
	byPackage := newTally("package", "Package")
	for i, f := range r.Findings {
		at, ok := place[f.Package]
		if !ok {
			at = len(out.Groups)
			place[f.Package] = at
			out.Groups = append(out.Groups, htmlGroup{Package: f.Package})
		}
		out.Groups[at].Findings = append(out.Groups[at].Findings, newHTMLFinding(r, f, i, src))
		bySeverity.add(f.Severity.String(), "")
		byPass.add(f.Rule, r.rule(f).Title)
		byPackage.add(f.Package, "")
		byReason.add(f.Reason.ID, f.Reason.Text)
	}
	slices.SortStableFunc(bySeverity.Rows, func(a, b htmlCount) int { return rank(b.Value) - rank(a.Value) })
	for _, t := range []*tally{bySeverity, byPass, byReason, byPackage} {
		out.Counts = append(out.Counts, t.htmlCounts)
	}
	return out
}

// rank returns the severity of that name.
func rank(name string) int {
	var l severity.Level
	if l.Set(name) != nil {
		return 0
	}
	return int(l)
}

// A tally counts values, in the order of their first appearance.
type tally struct {
	htmlCounts
	at map[string]int
}

func newTally(by, title string) *tally {
	return &tally{htmlCounts{By: by, Title: title}, make(map[string]int)}
}

// add counts a value, if there is one.
func (t *tally) add(value, note string) {
	if value == "" {
		return
	}
	i, ok := t.at[value]
	if !ok {
		i = len(t.Rows)
		t.at[value] = i
		t.Rows = append(t.Rows, htmlCount{Value: value, Note: note})
	}
	t.Rows[i].N++
}

func newHTMLFinding(r *Report, f *finding.Finding, i int, src sources) htmlFinding {
	h := htmlFinding{
		Finding:     f,
		ID:          fmt.Sprintf("finding-%d", i+1),
		Severity:    f.Severity.String(),
		Consequence: consequences[f.Severity],
		URL:         r.rule(f).URL(),
		Suppress:    fmt.Sprintf("//toctou:ignore %s REASON", f.Rule),
	}
	if f.Reason.ID == "" {
		h.Suppress = "" // it is about a suppression comment
	}
	use := htmlMark{f.Use, "use", "use: " + f.Use.Operation}
	marks := []htmlMark{use}
	if f.Check != nil {
		h.Between = between(f, cmp.Or(r.rule(f).Between, "another process can replace what the path names"))
		check := htmlMark{*f.Check, "check", "check: " + f.Check.Says}
		if f.Check.Path == f.Use.Path {
			marks = append(marks, check)
		} else {
			h.Excerpts = append(h.Excerpts, src.excerpt([]htmlMark{check}, ""))
		}
	}
	h.Excerpts = append(h.Excerpts, src.excerpt(marks, h.Between))
	for _, n := range f.Notes {
		e := src.excerpt([]htmlMark{{n.Place, "note", n.Message}}, "")
		e.Says = n.Message
		h.Excerpts = append(h.Excerpts, e)
	}
	if len(f.Fixes) > 0 {
		h.Fix = f.Fixes[0].Message
		h.Diff = src.diff(f.Fixes[0])
	}
	return h
}

// between says where between the check and the use of a finding something can happen.
func between(f *finding.Finding, what string) string {
	switch {
	case f.Check.Path != f.Use.Path, f.Check.Start.Line > f.Use.Start.Line:
		return "between the two, " + what
	case f.Check.Start.Line == f.Use.Start.Line:
		return "between the two calls of this line, " + what
	}
	return fmt.Sprintf("between line %d and line %d, %s", f.Check.Start.Line, f.Use.Start.Line, what)
}

// htmlMark is a place that an excerpt points at.
type htmlMark struct {
	finding.Place
	class, label string
}

const (
	htmlContext = 2  // lines above and below the marks of an excerpt
	htmlWindow  = 24 // lines of a window that are shown; of a longer one the middle is left out
)

// excerpt returns the lines of a file around marks, which are all in it. between is
// what can happen between them.
func (s sources) excerpt(marks []htmlMark, between string) htmlExcerpt {
	slices.SortStableFunc(marks, func(a, b htmlMark) int { return cmp.Compare(a.Start.Offset, b.Start.Offset) })
	first, last := marks[0], marks[len(marks)-1]
	e := htmlExcerpt{File: filepath.ToSlash(first.File), Line: first.Start.Line}
	for n := max(1, first.Start.Line-htmlContext); n <= last.End.Line+htmlContext; n++ {
		if skip := last.Start.Line - htmlWindow/2 - n; len(marks) > 1 && n == first.End.Line+htmlWindow/2 && skip > 1 {
			e.Rows = append(e.Rows, htmlRow{Gap: skip, Inside: true})
			n += skip
		}
		line, ok := s.line(first.Path, n)
		if !ok {
			if n >= first.Start.Line && n > last.End.Line {
				break
			}
			continue
		}
		row := htmlRow{Number: n, Inside: len(marks) > 1 && n > first.Start.Line && n < last.Start.Line, Spans: spans(line, n, marks)}
		for i, m := range marks {
			if m.End.Line != n {
				continue
			}
			row.Labels = append(row.Labels, htmlLabel{m.class, m.label})
			if i == 0 && between != "" && len(marks) > 1 {
				row.Labels = append(row.Labels, htmlLabel{"between", between})
			}
		}
		e.Rows = append(e.Rows, row)
	}
	return e
}

// spans returns a line in parts, so that what is marked has a part of its own.
func spans(line string, n int, marks []htmlMark) []htmlSpan {
	var list []htmlSpan
	at := 0
	for _, m := range marks {
		from, to := 0, len(line)
		if n < m.Start.Line || n > m.End.Line {
			continue
		}
		if n == m.Start.Line {
			from = min(max(m.Start.Column-1, at), len(line))
		} else {
			from = max(at, len(line)-len(strings.TrimLeft(line, "\t ")))
		}
		if n == m.End.Line {
			to = min(max(m.End.Column-1, from), len(line))
		}
		if at < from {
			list = append(list, htmlSpan{"", line[at:from]})
		}
		list = append(list, htmlSpan{m.class, line[from:to]})
		at = to
	}
	if at < len(line) {
		list = append(list, htmlSpan{"", line[at:]})
	}
	return list
}

// diff returns what a fix changes, place by place: the imports of a file are far from
// its functions, and most of it stays.
func (s sources) diff(fix finding.Fix) []htmlDiffLine {
	edits := slices.Clone(fix.Edits)
	slices.SortStableFunc(edits, func(a, b finding.Edit) int { return cmp.Compare(a.Start.Offset, b.Start.Offset) })
	var out []htmlDiffLine
	for len(edits) > 0 {
		n := 1
		for n < len(edits) && edits[n].Path == edits[0].Path && edits[n].Start.Line <= edits[n-1].End.Line+2*htmlContext {
			n++
		}
		out = append(out, s.hunk(edits[:n])...)
		edits = edits[n:]
	}
	return out
}

// hunk returns what edits change that are near each other.
func (s sources) hunk(edits []finding.Edit) []htmlDiffLine {
	first, last := edits[0], edits[len(edits)-1]
	from, to := max(1, first.Start.Line-htmlContext), last.End.Line+htmlContext
	var before, after strings.Builder
	line, column := from, 1
	// copyTo copies the source up to a position.
	copyTo := func(b *strings.Builder, untilLine, untilColumn int) {
		for {
			text, ok := s.line(first.Path, line)
			if !ok || line > untilLine {
				return
			}
			start := min(column-1, len(text))
			if line == untilLine {
				end := min(max(untilColumn-1, start), len(text))
				b.WriteString(text[start:end])
				column = end + 1
				return
			}
			b.WriteString(text[start:] + "\n")
			line, column = line+1, 1
		}
	}
	copyTo(&before, to+1, 1)
	line, column = from, 1
	for _, e := range edits {
		copyTo(&after, e.Start.Line, e.Start.Column)
		after.WriteString(strings.ReplaceAll(e.New, "\r\n", "\n"))
		line, column = e.End.Line, e.End.Column
	}
	copyTo(&after, to+1, 1)

	out := []htmlDiffLine{{"place", fmt.Sprintf("%s:%d", filepath.ToSlash(first.File), first.Start.Line)}}
	name := filepath.Base(first.File)
	inHunk := false
	for text := range strings.Lines(string(textdiff.Files(name, []byte(before.String()), []byte(after.String())))) {
		if strings.HasPrefix(text, "@@") {
			inHunk = true
			continue
		}
		if !inHunk {
			continue
		}
		class := ""
		switch text[0] {
		case '+':
			class = "added"
		case '-':
			class = "removed"
		}
		out = append(out, htmlDiffLine{class, strings.TrimSuffix(text, "\n")})
	}
	return out
}
