package output

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/mattn/go-runewidth"
)

// tabStop is how far apart the tab stops of a shown line are.
const tabStop = 4

// widths measures text as a terminal shows it. What the user's locale says of
// ambiguous characters does not count: it is often wrong, and the characters
// that we draw with are among them.
var widths = &runewidth.Condition{}

// A row is a line of source as a terminal shows it.
type row struct {
	text    string
	columns []int // by the offset of a byte in the source, where it is shown
}

// newRow expands tabs, and shows as a replacement character whatever a
// terminal would obey instead of showing it.
func newRow(line string) row {
	var b strings.Builder
	r := row{columns: make([]int, len(line)+1)}
	column, offset := 0, 0
	for g := graphemes.FromString(line); g.Next(); {
		shown := g.Value()
		switch c, _ := utf8.DecodeRuneInString(shown); {
		case c == '\t':
			shown = strings.Repeat(" ", tabStop-column%tabStop)
		case strings.ContainsFunc(shown, obeyed) || c == utf8.RuneError:
			shown = "\uFFFD"
		}
		for range len(g.Value()) {
			r.columns[offset] = column
			offset++
		}
		b.WriteString(shown)
		column += widths.StringWidth(shown)
	}
	r.columns[offset] = column
	r.text = b.String()
	return r
}

// obeyed reports whether a character does something to a terminal: starts a
// command, or turns the direction of what follows.
func obeyed(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c)
}

// column returns where a byte of the source is shown, counted from zero.
func (r row) column(offset int) int {
	return r.columns[max(0, min(offset, len(r.columns)-1))]
}

func (r row) width() int { return r.columns[len(r.columns)-1] }

// cut returns a part of the row that is at most as wide as it may be, and
// holds the columns between from and to if they fit, and where they are then.
func (r row) cut(from, to, width int, ellipsis string) (text string, newFrom, newTo int) {
	if r.width() <= width {
		return r.text, from, to
	}
	dots := widths.StringWidth(ellipsis)
	start := 0
	if room := width - 2*dots; to > room {
		start = from - 2*tabStop
		if to > start+room {
			start = min(from, to-room)
		}
		start = max(0, min(start, r.width()-(width-dots)))
	}
	text = widths.TruncateLeft(r.text, start, "")
	shift := -start
	if start > 0 {
		text, shift = ellipsis+text, dots-start
	}
	text = widths.Truncate(text, width, ellipsis)
	clip := func(column int) int { return max(0, min(column+shift, widths.StringWidth(text))) }
	return text, clip(from), max(clip(to), clip(from)+1)
}

// harmless returns a text for a terminal: in one line, with nothing that the
// terminal would obey.
func harmless(s string) string {
	return strings.Map(func(c rune) rune {
		if obeyed(c) {
			return '\uFFFD'
		}
		return c
	}, oneLine(s))
}

// wrap breaks a text into lines that are at most as wide as they may be, but
// for words that are wider.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case widths.StringWidth(line)+1+widths.StringWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}
