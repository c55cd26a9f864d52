package driver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/load"
	"github.com/edcacfbd/toctou/internal/race"
)

// A listing is the packages that the command line names, before any of them is
// read.
type listing struct {
	dir      string
	program  *load.Program
	ids      map[string]bool // of the packages
	problems []string        // patterns that match nothing
	broken   bool            // the go command has something against a package

	known *facts        // of the packages that have been analyzed
	parts []*result     // what came of each named package
	whole *race.Program // joins what they show of their files; nil if functions of other packages are not looked through
}

// list lists with the go command the packages that match the patterns in the directory
// dir, on the platform.
func (o *options) list(dir string, patterns []string, on platform) (*listing, error) {
	empty := startEmptyPatterns(dir, o.tags, patterns)
	p, err := load.List(&load.Config{Dir: dir, Env: on.environ(), Tags: o.tags, Tests: o.settings.Tests, Overlay: o.env.Overlay, Patterns: patterns})
	if err != nil {
		return nil, loadError(dir, err.Error())
	}
	if len(p.Packages) == 0 {
		if !inModule(dir) {
			return nil, errNoModule(dir)
		}
		if words := goListFails(dir, o.tags, patterns); words != "" {
			return nil, loadError(dir, words)
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
// have been loaded, and how many of them were not analyzed.
func (l *listing) described() (problems []string, leftOut int) {
	problems = slices.Clone(l.problems)
	broken := make(map[string]bool) // by path: a package and its test variant are one
	for _, pkg := range l.program.Packages {
		if len(pkg.Errors) > 0 {
			problems = append(problems, describeErrors(l.dir, pkg))
			broken[pkg.PkgPath] = pkg.Name != "" // it is no pattern that names none
		}
	}
	reported := make(map[string]bool)
	for _, pkg := range l.program.Packages {
		cause := brokenImport(pkg)
		if len(pkg.Errors) > 0 || cause == nil {
			continue
		}
		if broken[cause.PkgPath] || reported[cause.PkgPath] {
			continue // the named package that does not compile has its own line
		}
		reported[cause.PkgPath] = true
		problems = append(problems, fmt.Sprintf("%s is analyzed only in part, because a package that it imports does not compile: %s", pkg.ID, firstError(l.dir, cause)))
	}
	for _, isPackage := range broken {
		if isPackage {
			leftOut++
		}
	}
	return slices.Compact(problems), leftOut
}

// brokenImport returns the nearest package that pkg imports, itself or through
// others, and that does not compile, or nil.
func brokenImport(pkg *packages.Package) *packages.Package {
	if !pkg.IllTyped {
		return nil
	}
	seen := make(map[*packages.Package]bool)
	for level := []*packages.Package{pkg}; len(level) > 0; {
		var next []*packages.Package
		for _, p := range level {
			for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
				imp := p.Imports[path]
				if len(imp.Errors) > 0 {
					return imp
				}
				if !seen[imp] {
					seen[imp] = true
					next = append(next, imp)
				}
			}
		}
		level = next
	}
	return nil
}

// superseded reports whether another package has all files of pkg and also those of its
// test: that one is analyzed instead, as go vet does. Importers still use the package
// itself.
func (l *listing) superseded(pkg *packages.Package) bool {
	return pkg.ID == pkg.PkgPath && l.ids[fmt.Sprintf("%s [%s.test]", pkg.ID, pkg.ID)]
}
