package baseline

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/edcacfbd/toctou/internal/finding"
)

// at returns a finding in a file of a package.
func at(file, pkg, function string, line int) *finding.Finding {
	return &finding.Finding{
		Rule: "statopen", Package: pkg, Function: function,
		Use:   finding.Place{Path: filepath.FromSlash("/m/" + file), Expr: "os.Open(path)", Start: finding.Position{Line: line}},
		Check: &finding.Place{Path: filepath.FromSlash("/m/" + file), Expr: "os.Stat(path)", Start: finding.Position{Line: line - 1}},
	}
}

func TestMatch(t *testing.T) {
	none := func(*finding.Finding) bool { return false }
	there := func(string) bool { return false }
	for _, test := range []struct {
		name         string
		recorded, is []*finding.Finding
		old          func(*finding.Finding) bool
		gone         func(string) bool
		known        []bool
		left         int
	}{
		{
			name:     "moved lines",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("a/a.go", "m/a", "Load", 70)},
			known:    []bool{true},
		},
		{
			name:     "a function moved to another file of the package",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("a/b.go", "m/a", "Load", 7)},
			known:    []bool{true},
		},
		{
			name:     "the same code in another package",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("b/b.go", "m/b", "Load", 7)},
			known:    []bool{false},
			left:     1,
		},
		{
			name:     "a file moved to another package",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("b/b.go", "m/b", "Load", 7)},
			gone:     func(string) bool { return true },
			known:    []bool{true},
		},
		{
			name:     "the variant of a package for its test",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("a/b.go", "m/a [m/a.test]", "Load", 7)},
			known:    []bool{true},
		},
		{
			name:     "one more",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("a/a.go", "m/a", "Load", 9)},
			is:       []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("a/a.go", "m/a", "Load", 9), at("a/a.go", "m/a", "Load", 11)},
			known:    []bool{true, true, false},
		},
		{
			name:     "one more, of which the first is on a new line",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			is:       []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("a/a.go", "m/a", "Load", 9)},
			old:      func(f *finding.Finding) bool { return f.Use.Start.Line == 9 },
			known:    []bool{false, true},
		},
		{
			name:     "one less",
			recorded: []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("a/a.go", "m/a", "Load", 9)},
			is:       []*finding.Finding{at("a/a.go", "m/a", "Load", 7)},
			known:    []bool{true},
			left:     1,
		},
		{
			name:     "its own file first",
			recorded: []*finding.Finding{at("b/b.go", "m/b", "Load", 7)},
			is:       []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("b/b.go", "m/b", "Load", 7)},
			gone:     func(string) bool { return true },
			known:    []bool{false, true},
		},
	} {
		if test.old == nil {
			test.old = none
		}
		if test.gone == nil {
			test.gone = there
		}
		dir := filepath.FromSlash("/m")
		m := New(dir, test.recorded, nil).Match(dir, test.is, test.old, test.gone)
		if !slices.Equal(m.Known, test.known) || Count(m.Left) != test.left {
			t.Errorf("%s: known are %v and %d are left, want %v and %d", test.name, m.Known, Count(m.Left), test.known, test.left)
		}
	}
}

func TestArithmetic(t *testing.T) {
	dir := filepath.FromSlash("/m")
	one := New(dir, []*finding.Finding{at("a/a.go", "m/a", "Load", 7)}, []string{"tests"})
	three := one.And(one.Findings, []string{"strict", "tests"}).And(one.Findings, nil)
	if len(three.Findings) != 1 || Count(three.Findings) != 3 || !slices.Equal(three.With, []string{"strict", "tests"}) {
		t.Errorf("the sum is %+v", three)
	}
	if left := three.Without(one.Findings); Count(left.Findings) != 2 || Count(three.Findings) != 3 {
		t.Errorf("the difference is %+v", left)
	}
	if left := one.Without(three.Findings); len(left.Findings) != 0 {
		t.Errorf("the difference is %+v", left)
	}
}

// FuzzParse checks that nothing makes the parser panic, and that what it takes
// comes back the same when it is written.
func FuzzParse(f *testing.F) {
	f.Add(New(filepath.FromSlash("/m"), []*finding.Finding{at("a/a.go", "m/a", "Load", 7), at("b.go", "m", "", 1)}, []string{"strict"}).Format())
	seeds, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, seed := range seeds {
		data, err := os.ReadFile(seed)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := Parse(data)
		if err != nil {
			return
		}
		l.normalize()
		again, err := Parse(l.Format())
		if err != nil {
			t.Fatalf("written, but cannot be read: %v\n%s", err, l.Format())
		}
		again.normalize()
		if !bytes.Equal(l.Format(), again.Format()) {
			t.Errorf("written as\n%sand again as\n%s", l.Format(), again.Format())
		}
		none := func(string) bool { return false }
		m := l.Match("/m", []*finding.Finding{at("a/a.go", "m/a", "Load", 7)}, func(*finding.Finding) bool { return true }, none)
		if known := Count(l.Findings) - Count(m.Left); known != 0 && known != 1 {
			t.Errorf("one finding has used up %d entries", known)
		}
		if rest := l.Without(l.Findings); len(rest.Findings) != 0 {
			t.Errorf("a list less itself is %+v", rest)
		}
	})
}
