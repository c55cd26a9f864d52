// Package textdiff shows what changes between two texts of a file.
package textdiff

import (
	"bytes"
	"slices"

	"github.com/rogpeppe/go-internal/diff"
)

// Files returns what changes between two texts of a file, as a unified diff
// in which no line is taken out to be put in again.
//
// The package diff aligns lines that occur once: it replaces the lines between two of
// those as a whole.
func Files(name string, old, text []byte) []byte {
	var out []byte
	lines := bytes.SplitAfter(diff.Diff("a/"+name, old, "b/"+name, text), []byte("\n"))
	inHunk := false
	for len(lines) > 0 {
		if inHunk = inHunk || bytes.HasPrefix(lines[0], []byte("@@")); !inHunk {
			out, lines = append(out, lines[0]...), lines[1:]
			continue
		}
		removed := leading(lines, '-')
		added := leading(lines[len(removed):], '+')
		if n := len(removed) + len(added); n > 0 {
			out, lines = appendCommon(out, removed, added), lines[n:]
			continue
		}
		out, lines = append(out, lines[0]...), lines[1:]
	}
	return out
}

// leading returns the lines at the front that begin with sign.
func leading(lines [][]byte, sign byte) [][]byte {
	i := slices.IndexFunc(lines, func(line []byte) bool { return len(line) == 0 || line[0] != sign })
	return lines[:max(i, 0)]
}

// appendCommon appends the lines of a change, those that both sides have as such:
// the longest sequence of them.
func appendCommon(out []byte, removed, added [][]byte) []byte {
	const most = 1 << 20
	if len(removed)*len(added) > most {
		return append(append(out, bytes.Join(removed, nil)...), bytes.Join(added, nil)...)
	}
	same := func(i, j int) bool { return bytes.Equal(removed[i][1:], added[j][1:]) }
	// length[i][j] is how many lines removed[i:] and added[j:] have in common.
	length := make([][]int, len(removed)+1)
	for i := range length {
		length[i] = make([]int, len(added)+1)
	}
	for i := len(removed) - 1; i >= 0; i-- {
		for j := len(added) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); same(i, j) {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	i, j := 0, 0
	for i < len(removed) || j < len(added) {
		switch {
		case i < len(removed) && j < len(added) && same(i, j):
			out = append(append(out, ' '), removed[i][1:]...)
			i, j = i+1, j+1
		case i < len(removed) && (j == len(added) || length[i+1][j] >= length[i][j+1]):
			out = append(out, removed[i]...)
			i++
		default:
			out = append(out, added[j]...)
			j++
		}
	}
	return out
}
