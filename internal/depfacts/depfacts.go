// Package depfacts computes what functions of dependencies do to paths, if the
// dependencies are loaded from export data only.
//
// Under go vet every dependency is analyzed. Here only those functions are analyzed
// that the analyzed packages call and that may touch a file. Their names determine which
// those may be, before any package is type-checked: first the text of their package,
// then its tokens. When a type-checked package calls some of them, these are
// type-checked as well, without the declarations that they do not name.
package depfacts

import (
	"errors"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/env"
	"github.com/edcacfbd/toctou/internal/load"
	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/settings"
)

// maxDepth bounds the chain of dependencies through which a function is
// followed: a helper that calls a helper that calls a helper.
const maxDepth = 3

// A Finder finds out what functions of dependencies do. It can be used from
// several goroutines.
type Finder struct {
	settings *settings.Settings
	env      *env.Env
	exports  *load.Exports
	looked   chan struct{} // closed when the sources have been looked through
	ahead    chan struct{} // closed when the summaries that will probably be requested have been computed
	turns    chan struct{} // see load.Program

	packages map[string]*dependency // by import path
	order    []*dependency          // imported before importing
	mentions *mentions              // what the named packages mention
	wishes   sync.Mutex             // held while functions of another package are wanted

	mu        sync.RWMutex
	summaries map[string]*pathops.Summary // by the full names of functions
}

// A dependency is one package that summaries may be wanted of.
type dependency struct {
	*packages.Package
	wanted  map[string]int // functions, with the depth at which they are wanted
	near    bool           // whether those methods are wanted of it that others name
	above   set            // the named packages that import it, through others perhaps
	touches func() bool    // whether it names a function of the table
	at      int            // its place in the order
	looked  chan struct{}  // closed when it has been looked through

	slice     *slice          // its functions, as far as they are wanted; nil if that is of no use, or no more
	warm      map[string]bool // those that may touch files, judged by names; T.m for a method
	summarize func()          // computes its summaries, once
}

// Start starts to look through the sources of the packages below the named ones
// of the program.
func Start(p *load.Program, s *settings.Settings, e *env.Env) *Finder {
	f := &Finder{
		settings:  s,
		env:       e,
		exports:   p.Exports,
		looked:    make(chan struct{}),
		ahead:     make(chan struct{}),
		turns:     p.Turns,
		packages:  make(map[string]*dependency),
		summaries: make(map[string]*pathops.Summary),
	}
	named := sorted(p.Packages)
	go func() {
		f.list(named, p.Named)
		f.want(named)
		f.descend()
		f.warm()
		expected := f.expected()
		close(f.looked)
		var wg sync.WaitGroup
		for _, d := range expected {
			wg.Go(d.summarize)
		}
		wg.Wait()
		close(f.ahead)
	}()
	return f
}

// sorted returns the packages in the order of their IDs.
func sorted(pkgs []*packages.Package) []*packages.Package {
	return slices.SortedFunc(slices.Values(pkgs), func(a, b *packages.Package) int {
		return strings.Compare(a.ID, b.ID)
	})
}

// Wait returns when all sources have been searched and no summaries are computed ahead of
// their requests anymore.
func (f *Finder) Wait() { <-f.ahead }

// list lists the packages that can have summaries: not those of the standard
// library, whose functions are in the table, nor those that do not compile.
func (f *Finder) list(roots []*packages.Package, named func(*packages.Package) bool) {
	packages.Visit(roots, nil, func(pkg *packages.Package) {
		if named(pkg) || pkg.Module == nil || pkg.ExportFile == "" || len(pkg.Errors) > 0 || f.packages[pkg.PkgPath] != nil {
			return
		}
		d := &dependency{
			Package: pkg,
			wanted:  make(map[string]int),
			at:      len(f.order),
			touches: sync.OnceValue(func() bool { return Touches(pkg, f.settings.Table) }),
			looked:  make(chan struct{}),
		}
		d.summarize = sync.OnceFunc(func() { f.summarize(d) })
		f.packages[pkg.PkgPath] = d
		f.order = append(f.order, d)
	})
}

// descend finds out, of packages side by side, but of importing ones first,
// which functions touch files or call functions of other packages that may.
func (f *Finder) descend() {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	importers := make(map[*dependency][]*dependency)
	var wg sync.WaitGroup
	for _, d := range slices.Backward(f.order) {
		for _, imp := range d.Imports {
			if e := f.packages[imp.PkgPath]; e != nil {
				importers[e] = append(importers[e], d)
			}
		}
		above := importers[d]
		wg.Go(func() {
			defer close(d.looked)
			for _, importer := range above {
				<-importer.looked
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			f.look(d)
		})
	}
	wg.Wait()
}

// look looks through a dependency, if functions of it are wanted that may touch
// files, and wants of others what they call.
func (f *Finder) look(d *dependency) {
	if len(d.wanted) == 0 && !d.near || !f.promising(d) {
		return
	}
	all := newSlice(d.Package)
	all.want(func(decl *declaration) (int, bool) { return f.wanted(d, decl) })
	if len(all.roots) == 0 {
		return
	}
	f.env.Stats.Parsed.Add(1)
	d.slice = all
	f.wishes.Lock()
	defer f.wishes.Unlock()
	for fn := range d.slice.reached {
		for _, ref := range fn.calls {
			if e := f.packages[ref.path]; e != nil && e.at < d.at && fn.depth < maxDepth {
				if depth, ok := e.wanted[ref.name]; !ok || fn.depth+1 < depth {
					e.wanted[ref.name] = fn.depth + 1
				}
			}
		}
	}
}

// promising reports whether the functions of a package may touch files by
// themselves, or through those of a package that it imports.
func (f *Finder) promising(d *dependency) bool {
	if d.touches() {
		return true
	}
	for _, imp := range d.Imports {
		if e := f.packages[imp.PkgPath]; e != nil && e.touches() {
			return true
		}
	}
	return false
}

// warm determines by names which functions may touch files, those of imported packages
// first.
func (f *Finder) warm() {
	for _, d := range f.order {
		if d.slice == nil {
			continue
		}
		touching := d.slice.touching(func(ref reference, socket bool) bool {
			return f.inTable(ref, socket) || f.mayTouch(ref)
		})
		if len(touching) == 0 {
			d.slice = nil
			continue
		}
		d.warm = make(map[string]bool, len(touching))
		for fn := range touching {
			d.warm[fn.fullName()] = true
		}
	}
}

// expected returns the packages whose summaries will be requested: the named packages
// name functions of theirs, and no types are needed to know that these are called, and
// that a path can be passed to them.
func (f *Finder) expected() []*dependency {
	return slices.DeleteFunc(slices.Clone(f.order), func(d *dependency) bool {
		return d.slice == nil || !slices.ContainsFunc(d.slice.roots, func(fn *function) bool {
			return fn.depth == 0 && fn.recv == "" && fn.texts && d.warm[fn.name]
		})
	})
}

// inTable reports whether a function, no method, touches files by the table. An
// address is a path only on a Unix socket.
func (f *Finder) inTable(ref reference, socket bool) bool {
	row := f.settings.Table.Lookup(ref.path + "." + ref.name)
	return row.Touches() && (row.Network == 0 || socket)
}

// mayTouch reports whether a function of a dependency, T.m for a method, may touch files,
// judged by names.
func (f *Finder) mayTouch(ref reference) bool {
	d := f.packages[ref.path]
	return d != nil && d.warm[ref.name]
}

// Find finds out what those functions do that the package names, which has been
// type-checked.
func (f *Finder) Find(pkg *packages.Package) {
	<-f.looked
	module := ""
	if pkg.Module != nil {
		module = pkg.Module.Path
	}
	seen := make(map[*types.Func]bool)
	for _, obj := range pkg.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || seen[fn] {
			continue
		}
		seen[fn] = true
		if d := f.packages[fn.Pkg().Path()]; d != nil && d.warm[localName(fn.Origin())] && pathops.Concerns(fn, module) {
			d.summarize()
		}
	}
}

// Lookup returns the summary of a function, or nil.
func (f *Finder) Lookup(fn *types.Func) analysis.Fact {
	if summary := f.summary(fn.FullName()); summary != nil {
		return summary
	}
	return nil
}

// summary returns the summary of the function of that name, or nil.
func (f *Finder) summary(name string) *pathops.Summary {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.summaries[name]
}

// summarize computes the summaries of a package, after those of the functions that it
// calls.
func (f *Finder) summarize(d *dependency) {
	below := make(map[string]bool) // other packages, whose summaries may or may not be known yet
	for fn := range d.slice.reached {
		for _, ref := range fn.calls {
			if f.mayTouch(ref) {
				below[ref.path] = true
				f.packages[ref.path].summarize()
			}
		}
	}
	f.turns <- struct{}{}
	defer func() { <-f.turns }()
	defer func() { d.slice = nil }()
	defer f.env.Recover(d.PkgPath, func() {})
	kept := d.slice.keep(func(ref reference, socket bool) bool {
		return f.inTable(ref, socket) || f.summary(ref.path+"."+ref.name) != nil
	})
	if !kept {
		return
	}
	f.env.Stats.Checked.Add(1)
	pass := &analysis.Pass{Module: &analysis.Module{Path: d.Module.Path, Version: d.Module.Version}}
	pass.Fset, pass.Files = d.slice.parse()
	if !f.check(d, pass) {
		f.env.Debugf("%s: does not type-check from source", d.PkgPath)
		return
	}
	own := &env.Env{Debug: f.env.Debug, Fatal: f.env.Fatal, Hold: f.exports.Hold}
	own.Elsewhere = func(fn *types.Func) analysis.Fact {
		if !below[fn.Pkg().Path()] {
			return nil
		}
		return f.Lookup(fn)
	}
	summaries := pathops.Summaries(pass, d.wants, &settings.Settings{Table: f.settings.Table}, own)
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.Copy(f.summaries, summaries)
}

// check type-checks a dependency from what is left of its source, and reports
// whether that is sound.
func (f *Finder) check(d *dependency, pass *analysis.Pass) bool {
	sound := true
	cfg := &types.Config{
		Importer:  f.exports.Importer(d.Package),
		GoVersion: load.GoVersion(d.Package),
		Sizes:     d.TypesSizes,
		Error: func(err error) {
			if e := (types.Error{}); !errors.As(err, &e) || !e.Soft { // soft: an import that only bodies taken off had used
				sound = false
			}
		},
	}
	pass.TypesInfo = load.NewInfo(0)
	pass.Pkg, _ = cfg.Check(d.PkgPath, pass.Fset, pass.Files, pass.TypesInfo)
	return sound
}
