package output

import (
	"strings"
	"testing"
)

// TestColumns checks that marks are below what they point at.
func TestColumns(t *testing.T) {
	tests := []struct {
		line, at string
		column   int
		shown    string
	}{
		{"os.Stat(p)", "Stat", 3, "os.Stat(p)"},
		{"\tx", "x", 4, "    x"},
		{"a\tx", "x", 4, "a   x"},
		{"日本\tx", "x", 8, "日本    x"},
		{"日本 x", "x", 5, "日本 x"},
		{"e\u0301 x", "x", 2, "e\u0301 x"},
		{"👩‍💻 x", "x", 3, "👩‍💻 x"},
		{"\x1b[31m x", "x", 6, "\uFFFD[31m x"},
		{"\u202e x", "x", 2, "\uFFFD x"},
		{"\xff x", "x", 2, "\uFFFD x"},
	}
	for _, test := range tests {
		r := newRow(test.line)
		if r.text != test.shown {
			t.Errorf("%q is shown as %q, want %q", test.line, r.text, test.shown)
		}
		if got := r.column(strings.Index(test.line, test.at)); got != test.column {
			t.Errorf("%q: %s in column %d, want %d", test.line, test.at, got, test.column)
		}
	}
}

// TestCut checks that a line that is too long is cut so that what it is shown
// for is still seen.
func TestCut(t *testing.T) {
	line := strings.Repeat("abcdefghij", 20)
	wide := strings.Repeat("日本", 50)
	for _, test := range []struct {
		line            string
		from, to, width int
	}{
		{"short", 1, 3, 40},
		{line, 0, 10, 40},
		{line, 30, 39, 40},
		{line, 30, 60, 40},
		{line, 100, 110, 40},
		{line, 190, 200, 40},
		{line, 0, 200, 40},
		{line, 150, 200, 40},
		{wide, 100, 120, 41},
		{wide, 180, 200, 40},
	} {
		for _, ellipsis := range []string{"…", "..."} {
			r := newRow(test.line)
			text, from, to := r.cut(test.from, test.to, test.width, ellipsis)
			if w := widths.StringWidth(text); w > test.width {
				t.Errorf("%+v: %d wide: %s", test, w, text)
			}
			if from < 0 || to <= from || to > test.width {
				t.Errorf("%+v: the mark is from %d to %d", test, from, to)
				continue
			}
			if test.to-test.from > test.width-2*len("...") {
				continue // it cannot be seen whole
			}
			part := func(s string, from, to int) string {
				return widths.Truncate(widths.TruncateLeft(s, from, ""), to-from, "")
			}
			if got, want := part(text, from, to), part(test.line, test.from, test.to); got != want {
				t.Errorf("%+v: the mark is at %q, want %q, in %s", test, got, want, text)
			}
		}
	}
}
