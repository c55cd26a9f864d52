package lsp

import (
	"net/url"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A text is the content of a file, with what is needed to find places in it. Positions
// of the protocol count in units of UTF-16 unless client and server agree on UTF-8.
type text struct {
	content string
	lines   []int // where each begins
	utf8    bool
}

func newText(content string, utf8 bool) *text {
	t := &text{content: content, lines: []int{0}, utf8: utf8}
	for i := range len(content) {
		if content[i] == '\n' {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// line returns the line that begins at the i-th place, without its end.
func (t *text) line(i int) string {
	from, to := t.lines[i], len(t.content)
	if i+1 < len(t.lines) {
		to = t.lines[i+1]
	}
	return strings.TrimRight(t.content[from:to], "\r\n")
}

// offset returns the byte that a position is at. A character behind the end of the
// line is the end, as the protocol has it. ok is false if there is no such line.
func (t *text) offset(p position) (offset int, ok bool) {
	if p.Line < 0 || p.Line >= len(t.lines) || p.Character < 0 {
		return 0, false
	}
	line := t.line(p.Line)
	if t.utf8 {
		return t.lines[p.Line] + min(p.Character, len(line)), true
	}
	units := 0
	for i, r := range line {
		if units >= p.Character {
			return t.lines[p.Line] + i, true
		}
		units += units16(r)
	}
	return t.lines[p.Line] + len(line), true
}

// position returns the position of a byte, or of the end if there is no such byte.
func (t *text) position(offset int) position {
	offset = max(0, min(offset, len(t.content)))
	line := sort.SearchInts(t.lines, offset+1) - 1
	before := t.content[t.lines[line]:offset]
	if t.utf8 {
		return position{line, len(before)}
	}
	units := 0
	for _, r := range before {
		units += units16(r)
	}
	return position{line, units}
}

// units16 returns how many units of UTF-16 a character takes.
func units16(r rune) int {
	if r == utf8.RuneError {
		return 1
	}
	return utf16.RuneLen(r)
}

// span returns the range between two bytes.
func (t *text) span(from, to int) span { return span{t.position(from), t.position(to)} }

// uriOf returns the URI of a file.
func uriOf(file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") { // C:/a.go
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// fileOf returns the file of a URI, or "" if it is of another kind, such as that of a
// buffer that was never saved.
func fileOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return ""
	}
	path := u.Path
	if runtime.GOOS == "windows" { // /c:/a.go
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.Clean(filepath.FromSlash(path))
}
