package driver

import (
	"fmt"
	"go/types"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/depfacts"
	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/fingerprint"
)

// A result is what came of the packages that the command line names.
type result struct {
	dir      string              // that file names are relative to
	packages []*packages.Package // those that were analyzed, without their syntax
	findings []*finding.Finding  // in the order of the files, each once
	problems []string            // why other packages are missing or broken, one line each
	leftOut  int                 // how many of those others were not analyzed
	errors   []error             // of passes that failed
}

// analyze runs the passes on the packages, on each as soon as it is loaded, and once
// more on those of which the others show something.
func (l *listing) analyze(o *options) *result {
	l.known = newFacts()
	l.parts = make([]*result, len(l.program.Packages)) // in order, which those that are done first are not
	if !o.settings.NoFacts {
		l.known.outside = depfacts.Start(l.program, &o.settings, &o.env)
		l.whole = o.suite.NewProgram()
	}
	o.env.Kept = nil
	if !o.settings.Tests { // a package that is analyzed with its tests is not the one that others import
		o.env.Kept = new(env.Kept)
	}
	return l.round(o)
}

// again is analyze after some files have another text, as load.Program.Renew has it,
// and with the same settings. What is known of packages that these do not concern is
// kept.
func (l *listing) again(o *options, changed func(file string) bool) *result {
	for _, pkg := range l.program.Renew(o.env.Overlay, changed) {
		l.known.forget(pkg.Types)
		o.env.Kept.Forget(pkg.PkgPath)
		l.whole.Forget(pkg.PkgPath)
	}
	if outside := l.known.outside; outside != nil && !outside.Covers(l.program, o.env.Overlay) {
		l.known.outside = depfacts.Start(l.program, &o.settings, &o.env)
	}
	return l.round(o)
}

// round runs the passes on the packages that are not up to date.
func (l *listing) round(o *options) *result {
	analyzers, e := o.selected(), &o.env
	o.suite.Program = l.whole
	known := l.known
	e.Elsewhere, e.Await, e.Hold = known.lookup, known.await, l.program.Exports.Hold
	l.program.Each(func(i int, pkg *packages.Package, below func()) {
		part := &result{dir: l.dir}
		l.parts[i] = part
		switch {
		case len(pkg.Errors) > 0 || len(pkg.Syntax) == 0:
		case l.superseded(pkg):
			part.run(withFacts(analyzers), pkg, known, below)
		default:
			part.run(analyzers, pkg, known, below)
			part.packages = []*packages.Package{pkg}
		}
	})
	if known.outside != nil {
		known.outside.Wait()
	}
	l.settle(analyzers, e)
	whole := new(result)
	for _, part := range l.parts {
		whole.packages = append(whole.packages, part.packages...)
		whole.findings = append(whole.findings, part.findings...)
		whole.errors = append(whole.errors, part.errors...)
	}
	slices.SortStableFunc(whole.findings, finding.Compare)
	whole.findings = slices.CompactFunc(whole.findings, func(f, g *finding.Finding) bool { return finding.Compare(f, g) == 0 })
	fingerprint.Assign(whole.findings)
	whole.problems, whole.leftOut = l.described()
	return whole
}

// settle has the program join what its packages show of their files, and runs the
// analyzers once more on those of which something else is found then.
func (l *listing) settle(analyzers []*analysis.Analyzer, e *env.Env) {
	paths := l.whole.Settle()
	var places []int
	for i, pkg := range l.program.Packages {
		if paths[pkg.PkgPath] && len(pkg.Errors) == 0 && !l.superseded(pkg) {
			places = append(places, i)
			e.Kept.Forget(pkg.PkgPath)
		}
	}
	e.Stats.Again.Add(int64(len(places)))
	l.program.Again(places, func(i int, pkg *packages.Package) {
		part := &result{dir: l.dir, packages: l.parts[i].packages}
		part.check(analyzers, pkg, l.known)
		l.parts[i] = part
	})
}

// run runs the analyzers on one package, and adds what its functions do to what
// is known of others. below returns when the facts of named packages below are
// known.
func (r *result) run(analyzers []*analysis.Analyzer, pkg *packages.Package, known *facts, below func()) {
	found := make(chan struct{})
	known.found.Store(pkg.Types, found)
	go func() {
		defer close(found)
		if known.outside != nil {
			known.outside.Find(pkg)
		}
		below()
	}()
	defer func() { <-found }() // it goes through the package, which is let go of
	r.check(analyzers, pkg, known)
}

// check runs the analyzers on one package.
func (r *result) check(analyzers []*analysis.Analyzer, pkg *packages.Package, known *facts) {
	alone := *pkg
	alone.Imports = nil // facts about them come from known
	if pkg.IllTyped {
		// The package compiles as far as what it imports does, and is analyzed as far.
		// It is not certain that a comment suppresses nothing in it.
		alone.IllTyped = false
		alone.TypeErrors = []types.Error{{Fset: pkg.Fset, Msg: "an imported package does not compile", Soft: true}}
	}
	graph, err := checker.Analyze(analyzers, []*packages.Package{&alone}, nil)
	if err != nil {
		r.errors = append(r.errors, err)
		return
	}
	for act := range graph.All() {
		known.add(act.AllObjectFacts())
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			r.errors = append(r.errors, fmt.Errorf("%s: %s: %w", pkg.PkgPath, act.Analyzer.Name, act.Err))
		}
		g := newGatherer(r.dir, act)
		for _, d := range act.Diagnostics {
			r.findings = append(r.findings, g.finding(d))
		}
	}
}

// facts are those of functions. The framework would hand them from package to
// package, if it had all of them at once.
type facts struct {
	mu      sync.RWMutex
	of      map[*types.Func]analysis.Fact
	found   sync.Map         // by *types.Package, a channel that is closed when the facts are known that it may request
	outside *depfacts.Finder // of functions that are not analyzed; may be nil
}

func newFacts() *facts { return &facts{of: make(map[*types.Func]analysis.Fact)} }

// forget drops what is known of the functions of a package.
func (f *facts) forget(pkg *types.Package) {
	if pkg == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found.Delete(pkg)
	for fn := range f.of {
		if fn.Pkg() == pkg {
			delete(f.of, fn)
		}
	}
}

// await returns when all facts are known that the package may request.
func (f *facts) await(pkg *types.Package) {
	if found, ok := f.found.Load(pkg); ok {
		<-found.(chan struct{})
	}
}

func (f *facts) add(list []analysis.ObjectFact) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, fact := range list {
		if fn, ok := fact.Object.(*types.Func); ok {
			f.of[fn] = fact.Fact
		}
	}
}

// lookup returns the fact of a function, or nil.
func (f *facts) lookup(fn *types.Func) analysis.Fact {
	f.mu.RLock()
	fact := f.of[fn]
	f.mu.RUnlock()
	if fact == nil && f.outside != nil {
		return f.outside.Lookup(fn)
	}
	return fact
}
