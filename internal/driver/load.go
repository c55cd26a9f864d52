package driver

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/load"
)

// A listing is the packages that the command line names, before any of them is
// read.
type listing struct {
	dir      string
	program  *load.Program
	ids      map[string]bool // of the packages
	problems []string        // patterns that match nothing
}

// list asks the go command for the packages that match the patterns in the
// directory dir.
func (o *options) list(dir string, patterns []string) (*listing, error) {
	empty := startEmptyPatterns(dir, o.tags, patterns)
	p, err := load.List(&load.Config{Dir: dir, Tags: o.tags, Tests: o.settings.Tests, Overlay: o.env.Overlay, Patterns: patterns})
	if err != nil {
		return nil, loadError(dir, err.Error())
	}
	if len(p.Packages) == 0 {
		if !inModule(dir) {
			return nil, errNoModule(dir)
		}
		return nil, fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
	}
	o.garbage.allow(p.Size())
	l := &listing{dir: dir, program: p, ids: make(map[string]bool, len(p.Packages))}
	for _, pkg := range p.Packages {
		l.ids[pkg.ID] = true
	}
	for _, pattern := range <-empty {
		l.problems = append(l.problems, fmt.Sprintf("no packages match %s", pattern))
	}
	return l, nil
}

// described returns what is wrong with the packages, in one line each, once they
// have been loaded.
func (l *listing) described() []string {
	problems := slices.Clone(l.problems)
	for _, pkg := range l.program.Packages {
		switch {
		case len(pkg.Errors) > 0:
			problems = append(problems, describeErrors(l.dir, pkg))
		case pkg.IllTyped:
			problems = append(problems, fmt.Sprintf("%s is left out: a package that it imports does not compile", pkg.ID))
		}
	}
	return slices.Compact(problems) // a package and its test variant
}

// superseded reports whether another package has all files of pkg and those
// of its test besides: it is analysed instead, as go vet does. The package
// itself still serves those that import it.
func (l *listing) superseded(pkg *packages.Package) bool {
	return pkg.ID == pkg.PkgPath && l.ids[fmt.Sprintf("%s [%s.test]", pkg.ID, pkg.ID)]
}
