package passes_test

import (
	"errors"
	"fmt"
	"go/build"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/edcacfbd/toctou/internal/pass"
	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

// TestBenign checks that nothing is said of harmless code.
func TestBenign(t *testing.T) {
	for _, problems := range corpus(t, "benign") {
		for _, p := range problems {
			t.Errorf("testdata/benign/%s", p)
		}
	}
}

// TestRaces checks that each race is reported, by the pass that its `// want`
// comment names, and nothing else.
func TestRaces(t *testing.T) {
	for _, problems := range corpus(t, "races") {
		for _, p := range problems {
			t.Errorf("testdata/races/%s", p)
		}
	}
}

// TestStrict checks that strict mode reports each race of its own, and is silent
// of what is harmless even there.
func TestStrict(t *testing.T) {
	for _, dir := range []string{"races/strict", "benign/strict"} {
		for _, problems := range corpusWith(t, dir, passtest.Suite(settings.Settings{Strict: true})) {
			for _, p := range problems {
				t.Errorf("testdata/%s/%s", dir, p)
			}
		}
	}
}

// TestKnown checks that what we know to judge wrongly is still judged wrongly:
// a specimen that behaves is to be moved one directory up, where it is kept so.
func TestKnown(t *testing.T) {
	for _, dir := range []string{"benign", "races"} {
		known := filepath.Join(dir, "known")
		if _, err := os.Stat(filepath.Join("..", "testdata", known)); errors.Is(err, fs.ErrNotExist) {
			continue // all are judged rightly
		}
		for name, problems := range corpus(t, known) {
			if len(problems) == 0 {
				t.Errorf("testdata/%s/%s behaves: move it to testdata/%s", known, name, dir)
			}
			for _, line := range expected(t, filepath.Join("..", "testdata", known, name)) {
				at := fmt.Sprintf("%s:%d:", name, line)
				if !slices.ContainsFunc(problems, func(p string) bool { return strings.HasPrefix(p, at) }) {
					t.Errorf("testdata/%s/%s the finding is made: move it to testdata/%s", known, at, dir)
				}
			}
		}
	}
}

// expected returns the lines of a file that have a want comment, and do not say
// that they are found already.
func expected(t *testing.T, file string) []int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for i, line := range strings.Split(string(text), "\n") {
		if strings.Contains(line, "// want ") && !strings.Contains(line, "// this one is found ") {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// corpus runs the suite over each file of a directory below testdata, each
// as a package of its own, and returns by file what is not as it should be.
func corpus(t *testing.T, dir string) map[string][]string {
	t.Helper()
	return corpusWith(t, dir, passtest.Suite(settings.Settings{}))
}

// corpusWith is corpus with another suite than the default one.
func corpusWith(t *testing.T, dir string, s *pass.Suite) map[string][]string {
	t.Helper()
	from := filepath.Join("..", "testdata", dir)
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	tree := make(map[string]string)
	var patterns []string
	for _, file := range files {
		name := filepath.Base(file)
		if ok, err := build.Default.MatchFile(from, name); err != nil || !ok {
			continue // of another system
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pkg := strings.TrimSuffix(name, ".go")
		tree[filepath.Join(pkg, name)] = string(text)
		patterns = append(patterns, pkg)
	}
	if len(patterns) == 0 {
		t.Fatalf("testdata/%s has no Go files for this system", dir)
	}
	gopath, cleanup, err := analysistest.WriteFiles(tree)
	if err != nil {
		t.Fatal(err)
	}
	defer cleanup()

	var said problems
	for _, result := range analysistest.Run(&said, gopath, suite(s), patterns...) {
		said = append(said, twice(result)...)
	}
	byFile := make(map[string][]string)
	for _, pkg := range patterns {
		byFile[pkg+".go"] = nil
	}
next:
	for _, p := range said {
		for _, pkg := range patterns {
			file := filepath.Join(pkg, pkg+".go")
			if _, rest, ok := strings.Cut(p, file+":"); ok {
				byFile[pkg+".go"] = append(byFile[pkg+".go"], pkg+".go:"+rest)
				continue next
			}
		}
		t.Errorf("%s: %s", dir, p)
	}
	return byFile
}

// TestOncePerPlace checks that no place is reported twice, in any mode.
func TestOncePerPlace(t *testing.T) {
	for _, dir := range []string{"races", "benign"} {
		for _, problems := range corpusWith(t, dir, passtest.Suite(settings.Settings{Strict: true})) {
			for _, p := range problems {
				if strings.Contains(p, saidTwice) {
					t.Errorf("testdata/%s/%s", dir, p)
				}
			}
		}
	}
}

// saidTwice begins what twice says of a place.
const saidTwice = "said twice:"

// twice lists the places at which more than one thing is said.
func twice(result *analysistest.Result) []string {
	var list []string
	said := make(map[token.Pos]string)
	for _, d := range result.Diagnostics {
		if other, ok := said[d.Pos]; ok {
			list = append(list, fmt.Sprintf("%s: %s %q and %q", result.Pass.Fset.Position(d.Pos), saidTwice, other, d.Message))
		}
		said[d.Pos] = d.Message
	}
	return list
}

// problems collects what analysistest finds wrong.
type problems []string

func (p *problems) Errorf(format string, args ...any) {
	*p = append(*p, fmt.Sprintf(format, args...))
}

// suite is all passes but some as one, so that they share one load of the
// packages. Its messages begin with the name of the pass.
func suite(s *pass.Suite, off ...string) *analysis.Analyzer {
	all := slices.DeleteFunc(passes.Of(s), func(a *analysis.Analyzer) bool {
		return slices.Contains(off, a.Name)
	})
	one := &analysis.Analyzer{Name: "suite", Doc: "run every pass"}
	for _, a := range all {
		one.Requires = append(one.Requires, a.Requires...)
	}
	one.Run = func(p *analysis.Pass) (any, error) {
		for _, a := range all {
			q := *p
			q.Analyzer = a
			q.Report = func(d analysis.Diagnostic) {
				d.Message = a.Name + ": " + d.Message
				p.Report(d)
				holdSelfSufficient(p, d)
			}
			if _, err := a.Run(&q); err != nil {
				return nil, err
			}
		}
		return nil, holdUntouched(p)
	}
	return one
}

// holdSelfSufficient reports a message that does not name the line of the
// check: not all who show messages show what is related to them.
func holdSelfSufficient(p *analysis.Pass, d analysis.Diagnostic) {
	for _, r := range d.Related {
		line := fmt.Sprintf("line %d", p.Fset.Position(r.Pos).Line)
		if !regexp.MustCompile(line + `\b`).MatchString(d.Message) {
			p.Reportf(d.Pos, "the message does not say %q: %s", line, d.Message)
		}
	}
}
