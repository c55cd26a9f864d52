package driver

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/depfacts"
	"github.com/edcacfbd/toctou/internal/report"
)

// loadMode asks for the syntax and types of the named packages alone. Their
// dependencies are type-checked from export data, which the go command's
// cache has from the last build: the difference between two seconds and
// twenty for a mid-size server.
//
// What the functions of those dependencies do to paths is found out apart, for
// those that matter: see depfacts.
const loadMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles |
	packages.NeedImports | packages.NeedTypes | packages.NeedTypesSizes |
	packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedModule | packages.NeedExportFile

// A loading is what came of the packages that the command line names.
type loading struct {
	packages []*packages.Package // to analyse; their Imports are those with syntax
	problems []string            // why others are missing or broken, one line each
}

// load loads the packages that match the patterns in the directory dir, with
// the test files and the overlay of the settings, and has the settings know
// what the functions of their dependencies do.
func load(dir, tags string, patterns []string, s *report.Settings) (*loading, error) {
	cfg := &packages.Config{Mode: loadMode, Dir: dir, Tests: s.Tests, Overlay: s.Overlay, ParseFile: parseFile}
	if tags != "" {
		cfg.BuildFlags = []string{"-tags=" + tags}
	}
	var memory collection
	memory.startLoad()
	empty := startEmptyPatterns(cfg, patterns)
	pkgs, err := packages.Load(cfg, patterns...)
	if err != nil {
		return nil, loadError(dir, err.Error())
	}
	memory.endLoad()
	if len(pkgs) == 0 {
		if !inModule(dir) {
			return nil, errNoModule(dir)
		}
		return nil, fmt.Errorf("no packages match %s", strings.Join(patterns, " "))
	}

	l := new(loading)
	for _, pattern := range <-empty {
		l.problems = append(l.problems, fmt.Sprintf("no packages match %s", pattern))
	}
	sound := make(map[*packages.Package]bool) // those that can be analysed
	for _, pkg := range pkgs {
		switch {
		case isTestMain(pkg):
		case len(pkg.Errors) > 0:
			l.problems = append(l.problems, describeErrors(dir, pkg))
			sound[pkg] = !pkg.IllTyped && len(pkg.Syntax) > 0
		case pkg.IllTyped:
			l.problems = append(l.problems, fmt.Sprintf("%s is left out: a package that it imports does not compile", pkg.ID))
		default:
			sound[pkg] = true
		}
	}
	l.problems = slices.Compact(l.problems) // a package and its test variant
	maps.DeleteFunc(sound, func(_ *packages.Package, ok bool) bool { return !ok })
	s.Elsewhere = nil
	if !s.NoFacts {
		s.Elsewhere = depfacts.Collect(sound, s)
	}
	prune(sound)
	for _, pkg := range pkgs {
		if sound[pkg] && !superseded(pkg, pkgs) {
			l.packages = append(l.packages, pkg)
		}
	}
	return l, nil
}

// parseFile parses a file as package packages does by default, but leaves it to
// the type checker what a name refers to.
func parseFile(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
	return parser.ParseFile(fset, name, src, parser.AllErrors|parser.ParseComments|parser.SkipObjectResolution)
}

// isTestMain reports whether the package is the program that go test
// generates.
func isTestMain(pkg *packages.Package) bool {
	return pkg.Name == "main" && strings.HasSuffix(pkg.PkgPath, ".test") && pkg.ID == pkg.PkgPath
}

// superseded reports whether another package has all files of pkg and those
// of its test besides: it is analysed instead, as go vet does. The package
// itself still serves those that import it.
func superseded(pkg *packages.Package, pkgs []*packages.Package) bool {
	if pkg.ID != pkg.PkgPath {
		return false
	}
	variant := fmt.Sprintf("%s [%s.test]", pkg.ID, pkg.ID)
	return slices.ContainsFunc(pkgs, func(other *packages.Package) bool { return other.ID == variant })
}

// prune makes the imports of each package those that facts can come from: the
// nearest in the set, through whatever lies between. The rest has no syntax,
// and analysis would follow it.
func prune(set map[*packages.Package]bool) {
	nearest := make(map[*packages.Package]map[string]*packages.Package)
	var below func(pkg *packages.Package) map[string]*packages.Package
	below = func(pkg *packages.Package) map[string]*packages.Package {
		found, ok := nearest[pkg]
		if !ok {
			found = make(map[string]*packages.Package)
			nearest[pkg] = found
			for _, imp := range pkg.Imports {
				if set[imp] {
					found[imp.ID] = imp
				} else {
					maps.Copy(found, below(imp))
				}
			}
		}
		return found
	}
	for pkg := range set {
		below(pkg)
	}
	for pkg := range set {
		pkg.Imports = nearest[pkg]
	}
}
