package main

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// The size of a character, and the space around the text.
const (
	cellWidth  = 8.4
	cellHeight = 20
	baseline   = 14.5
	border     = 14
)

// A theme is the colors of a terminal, by the numbers that select them.
type theme struct {
	background, text string
	colors           map[string]string
}

var (
	dark = theme{"#1b1d23", "#d7dae0", map[string]string{
		"31": "#ff6b68", "35": "#d38aea", "36": "#4fc3cf", "90": "#868c98",
	}}
	light = theme{"#ffffff", "#24292f", map[string]string{
		"31": "#c5221f", "35": "#8a2fb0", "36": "#0b6b75", "90": "#6a737d",
	}}
)

// escape is a sequence that selects colors.
var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// draw returns a picture of what a program has printed.
func draw(text string, columns int, t theme) []byte {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	width, height := 2*border+float64(columns)*cellWidth, 2*border+len(lines)*cellHeight
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%d" viewBox="0 0 %.0f %d">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s" stroke="%s" stroke-opacity="0.2"/>`+"\n", t.background, t.text)
	fmt.Fprintf(&b, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" fill="%s" xml:space="preserve">`+"\n", t.text)
	for i, line := range lines {
		drawLine(&b, line, float64(border+i*cellHeight), t)
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// drawLine draws a line whose upper edge is at y.
func drawLine(b *bytes.Buffer, line string, y float64, t theme) {
	column, start, codes := 0, 0, ""
	part := func(text string) {
		column = drawText(b, text, column, y, t, codes)
	}
	for _, m := range escape.FindAllStringSubmatchIndex(line, -1) {
		part(line[start:m[0]])
		start, codes = m[1], line[m[2]:m[3]]
	}
	part(line[start:])
}

// drawText draws text of one color, and returns the column behind it.
func drawText(b *bytes.Buffer, text string, column int, y float64, t theme, codes string) int {
	color, weight := t.text, ""
	for code := range strings.SplitSeq(codes, ";") {
		if c := t.colors[code]; c != "" {
			color = c
		}
		if code == "1" {
			weight = ` font-weight="bold"`
		}
	}
	x := func(column int) float64 { return border + float64(column)*cellWidth }
	run, from := "", column
	flush := func() {
		if trimmed := strings.TrimLeft(run, " "); strings.TrimSpace(run) != "" {
			from += len(run) - len(trimmed)
			// The length makes columns of whatever font there is.
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s"%s textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
				x(from), y+baseline, color, weight, float64(column-from)*cellWidth, html.EscapeString(trimmed))
		}
		run, from = "", column
	}
	condition := runewidth.Condition{}
	for g := graphemes.FromString(text); g.Next(); {
		if shape := box[g.Value()]; shape != "" {
			flush()
			fmt.Fprintf(b, `<path transform="translate(%.1f %.1f)" stroke="%s" fill="none" d="%s" stroke-width="%s"/>`+"\n", x(column), y, color, shape, stroke(g.Value()))
			column++
			from = column
			continue
		}
		run += g.Value()
		column += condition.StringWidth(g.Value())
	}
	flush()
	return column
}

// box are the characters that lines are drawn with, which have to meet those
// of the next line and column: fonts leave gaps.
var box = map[string]string{
	"│": "M4.2 0V20",
	"┆": "M4.2 1V5M4.2 8V12M4.2 15V19",
	"─": "M0 10H8.4",
	"━": "M0 10H8.4",
	"┌": "M4.2 20V10H8.4",
	"└": "M4.2 0V10H8.4",
}

// stroke is how thick a line is drawn.
func stroke(character string) string {
	if character == "━" {
		return "2.6"
	}
	return "1.2"
}
