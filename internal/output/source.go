package output

import (
	"os"
	"strings"
	"unicode/utf16"

	"github.com/edcacfbd/toctou/internal/finding"
)

// sources are the lines of files, each file read once.
type sources map[string][]string

// line returns a line of a file, counted from one, and whether there is one.
func (s sources) line(path string, n int) (string, bool) {
	lines, ok := s[path]
	if !ok {
		// A file that is not there is shown without its source: a //line
		// comment can name any.
		if data, err := os.ReadFile(path); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		s[path] = lines
	}
	if n < 1 || n > len(lines) {
		return "", false
	}
	return strings.TrimSuffix(lines[n-1], "\r"), true
}

// utf16Column returns the column of a position as many other programs count:
// in UTF-16 code units. Go counts bytes.
func (s sources) utf16Column(path string, at finding.Position) int {
	line, ok := s.line(path, at.Line)
	if !ok || at.Column < 1 || at.Column-1 > len(line) {
		return at.Column
	}
	return len(utf16.Encode([]rune(line[:at.Column-1]))) + 1
}
