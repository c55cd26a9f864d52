// Package depfacts tells what functions of dependencies do to paths, where the
// dependencies are loaded from export data alone.
//
// Under go vet every dependency is analysed. Here only those functions are
// that the analysed packages name and that may touch a file: by the text of
// their package first, then by its tokens, and type-checked last, without what
// they do not name.
package depfacts

import (
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/pathops"
	"github.com/edcacfbd/toctou/internal/report"
)

// maxDepth bounds the chain of dependencies through which a function is
// followed: a helper that calls a helper that calls a helper.
const maxDepth = 3

// Collect returns what is known of the functions that the analysed packages
// use of the packages below them. It must run before the imports of those are
// changed.
func Collect(analysed map[*packages.Package]bool, s *report.Settings) func(*types.Func) analysis.Fact {
	c := &collector{
		settings:  s,
		packages:  make(map[string]*dependency),
		summaries: &summaries{of: make(map[string]*pathops.Summary)},
	}
	c.list(analysed)
	c.want(analysed)
	c.descend()
	c.ascend(analysed)
	if len(c.summaries.of) == 0 {
		return nil
	}
	return c.summaries.lookup // not a method of the collector, which holds much more
}

// summaries are those of functions, by their full names.
type summaries struct {
	sync.RWMutex
	of map[string]*pathops.Summary
}

// get returns the summary of the function of that name, or nil.
func (s *summaries) get(name string) *pathops.Summary {
	s.RLock()
	defer s.RUnlock()
	return s.of[name]
}

// lookup returns the summary of a function, or nil.
func (s *summaries) lookup(fn *types.Func) analysis.Fact {
	if summary := s.get(fn.FullName()); summary != nil {
		return summary
	}
	return nil
}

func (s *summaries) add(more map[string]*pathops.Summary) {
	s.Lock()
	defer s.Unlock()
	maps.Copy(s.of, more)
}

// wants reports whether a function of the dependency may be asked of: it is
// wanted, or a method that is called where only types would tell.
func (d *dependency) wants(fn *types.Func) bool {
	_, ok := d.wanted[localName(fn)]
	return ok || fn.Exported() && fn.Signature().Recv() != nil
}

// collector is the work for one run.
type collector struct {
	settings  *report.Settings
	roots     []*packages.Package    // the analysed packages
	packages  map[string]*dependency // by import path
	order     []*dependency          // imported before importing
	wishes    sync.Mutex             // held while functions of another package are wanted
	summaries *summaries
}

// A dependency is one package that summaries may be wanted of.
type dependency struct {
	*packages.Package
	wanted  map[string]int // functions, T.m for a method, with the depth at which they are wanted
	slice   *slice         // its functions, as far as they are wanted; nil if none is
	touches func() bool    // whether it names a function of the table
	at      int            // its place in the order
	looked  chan struct{}  // closed when it has been looked through
}

// list lists the packages that can have summaries: not those of the standard
// library, whose functions stand in the table, nor those that do not compile.
func (c *collector) list(analysed map[*packages.Package]bool) {
	c.roots = slices.SortedFunc(maps.Keys(analysed), func(a, b *packages.Package) int {
		return strings.Compare(a.ID, b.ID)
	})
	packages.Visit(c.roots, nil, func(pkg *packages.Package) {
		if analysed[pkg] || pkg.Module == nil || pkg.ExportFile == "" || len(pkg.Errors) > 0 || c.packages[pkg.PkgPath] != nil {
			return
		}
		d := &dependency{
			Package: pkg,
			wanted:  make(map[string]int),
			at:      len(c.order),
			looked:  make(chan struct{}),
			touches: sync.OnceValue(func() bool { return scan(pkg, c.settings.Table) }),
		}
		c.packages[pkg.PkgPath] = d
		c.order = append(c.order, d)
	})
}

// want notes the functions of dependencies that the analysed packages name.
func (c *collector) want(analysed map[*packages.Package]bool) {
	withFacts := make(map[*types.Package]bool)
	for pkg := range analysed {
		withFacts[pkg.Types] = true
	}
	seen := make(map[*types.Func]bool)
	for pkg := range analysed {
		for _, obj := range pkg.TypesInfo.Uses {
			fn, ok := obj.(*types.Func)
			if !ok || fn.Pkg() == nil || seen[fn] || withFacts[fn.Pkg()] {
				continue
			}
			seen[fn] = true
			if d := c.packages[fn.Pkg().Path()]; d != nil && c.settings.Table.Lookup(fn.FullName()) == nil {
				if name := localName(fn.Origin()); name != "" {
					d.wanted[name] = 0
				}
			}
		}
	}
}

// localName is the name of a function within its package, or "" for a method
// of an interface.
func localName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok && !types.IsInterface(named) {
		return named.Obj().Name() + "." + fn.Name()
	}
	return ""
}

// descend finds out, of packages side by side, but of importing ones first,
// which functions touch files or call functions of other packages that may.
func (c *collector) descend() {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	importers := make(map[*dependency][]*dependency)
	var wg sync.WaitGroup
	for _, d := range slices.Backward(c.order) {
		for _, imp := range d.Imports {
			if e := c.packages[imp.PkgPath]; e != nil {
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
			c.look(d)
		})
	}
	wg.Wait()
}

// look looks through a dependency, if functions of it are wanted that may touch
// files, and wants of others what they call.
func (c *collector) look(d *dependency) {
	if len(d.wanted) == 0 || !c.promising(d) {
		return
	}
	c.settings.Stats.Parsed.Add(1)
	d.slice = newSlice(d.Package)
	d.slice.want(d.wanted)
	c.wishes.Lock()
	defer c.wishes.Unlock()
	for _, call := range d.slice.outward() {
		if e := c.packages[call.path]; e != nil && e.at < d.at && call.depth <= maxDepth {
			if depth, ok := e.wanted[call.name]; !ok || call.depth < depth {
				e.wanted[call.name] = call.depth
			}
		}
	}
}

// promising reports whether the functions of a package may touch files by
// themselves, or through those of a package that it imports.
func (c *collector) promising(d *dependency) bool {
	if d.touches() {
		return true
	}
	for _, imp := range d.Imports {
		if e := c.packages[imp.PkgPath]; e != nil && e.touches() {
			return true
		}
	}
	return false
}

// ascend computes the summaries, of packages side by side, but of imported ones
// first.
func (c *collector) ascend(analysed map[*packages.Package]bool) {
	u := newUniverse(c.roots, analysed)
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	done := make(map[*packages.Package]chan struct{})
	var all []*packages.Package
	packages.Visit(c.roots, nil, func(pkg *packages.Package) {
		done[pkg] = make(chan struct{})
		all = append(all, pkg)
	})
	var wg sync.WaitGroup
	for _, pkg := range all {
		wg.Go(func() {
			defer close(done[pkg])
			for _, imp := range pkg.Imports {
				<-done[imp]
			}
			d := c.packages[pkg.PkgPath]
			if d == nil || d.Package != pkg || d.slice == nil {
				return
			}
			slots <- struct{}{}
			defer func() { <-slots }()
			if d.slice.keep(c.functionTouches) {
				c.summarise(d, u)
			}
			d.slice = nil
		})
	}
	wg.Wait()
}

// functionTouches reports whether a function, no method, touches files by the
// table or by its summary. An address is a path only on a Unix socket.
func (c *collector) functionTouches(path, name string, socket bool) bool {
	full := path + "." + name
	row := c.settings.Table.Lookup(full)
	return row.Touches() && (row.Network == 0 || socket) || c.summaries.get(full) != nil
}

// summarise adds the summaries of a package, which is checked against the types
// of u.
func (c *collector) summarise(d *dependency, u *universe) {
	own := &report.Settings{Table: c.settings.Table, Debug: c.settings.Debug, Fatal: c.settings.Fatal, Elsewhere: c.summaries.lookup}
	defer c.settings.Recover(d.PkgPath, func() {})
	c.settings.Stats.Checked.Add(1)
	fset, files := d.slice.parse()
	pkg, info := u.check(d, fset, files)
	if pkg == nil {
		c.settings.Debugf("%s: does not type-check from source", d.PkgPath)
		return
	}
	c.summaries.add(pathops.Summaries(fset, files, pkg, info, d.wants, own))
}
