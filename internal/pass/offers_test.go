package pass

import (
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// TestClash checks which fixes cannot both be made. The imports end at 100.
func TestClash(t *testing.T) {
	type edits [][2]token.Pos
	fix := func(list edits) (f analysis.SuggestedFix) {
		for _, e := range list {
			f.TextEdits = append(f.TextEdits, analysis.TextEdit{Pos: e[0], End: e[1]})
		}
		return f
	}
	for _, test := range []struct {
		name string
		x, y edits
		want bool
	}{
		{"apart", edits{{110, 120}}, edits{{130, 140}}, false},
		{"overlapping", edits{{110, 130}}, edits{{120, 140}}, true},
		{"one within the other", edits{{110, 140}}, edits{{120, 130}}, true},
		{"adjacent", edits{{110, 120}}, edits{{120, 130}}, true},
		{"two insertions at one place", edits{{110, 110}}, edits{{110, 110}}, true},
		{"the last edits overlap", edits{{110, 120}, {200, 220}}, edits{{130, 140}, {210, 230}}, true},
		{"two imports at one place", edits{{50, 50}}, edits{{50, 50}}, false},
		{"an import, and the same code", edits{{50, 50}, {110, 120}}, edits{{50, 50}, {110, 120}}, true},
		{"nothing is changed", edits{}, edits{{110, 120}}, false},
	} {
		for _, pair := range [][2]edits{{test.x, test.y}, {test.y, test.x}} {
			if got := clash(fix(pair[0]), fix(pair[1]), 100); got != test.want {
				t.Errorf("%s: clash(%v, %v) = %t", test.name, pair[0], pair[1], got)
			}
		}
	}
}
