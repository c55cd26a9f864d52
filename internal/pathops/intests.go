package pathops

import (
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// InTests reports whether tests alone name a function of the package: files of tests in
// its directory do, whether they are analyzed or not, and no file that is left out of
// this build does.
func (r *Result) InTests(fn *types.Func) bool {
	p := r.pkg
	dir := filepath.Dir(p.pass.Fset.Position(fn.Pos()).Filename)
	tests, others, err := p.otherFiles(dir)
	if err != nil || len(tests) == 0 {
		return false
	}
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(fn.Name()) + `\b`)
	names := func(file string) bool {
		text, ok := p.env.Overlay[file]
		if !ok {
			var err error
			if text, err = os.ReadFile(file); err != nil { // a Pass reads files of the package alone
				return false
			}
		}
		return word.Match(text)
	}
	return slices.ContainsFunc(tests, names) && !slices.ContainsFunc(others, names)
}

// otherFiles lists the files of Go in a directory that are not part of the package: those
// of tests, and others.
func (p *packageOps) otherFiles(dir string) (tests, others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case strings.HasSuffix(name, "_test.go"):
			tests = append(tests, name)
		case strings.HasSuffix(name, ".go") && slices.Contains(p.pass.IgnoredFiles, name):
			others = append(others, name)
		}
	}
	return tests, others, nil
}
