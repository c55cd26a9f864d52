// Package depfacts tells what functions of dependencies do to paths, where the
// dependencies are loaded from export data alone.
//
// Under go vet every dependency is analysed. Here only those functions are
// that the analysed packages name and that may touch a file: by the text of
// their package first, then by its syntax, and type-checked last, without the
// bodies of all other functions.
package depfacts

import (
	"go/types"
	"maps"
	"slices"
	"strings"

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
		summaries: make(map[string]*pathops.Summary),
		universe:  newUniverse(),
		scans:     make(map[*packages.Package]bool),
	}
	c.list(analysed)
	c.want(analysed)
	c.descend()
	c.ascend()
	if len(c.summaries) == 0 {
		return nil
	}
	return lookup(c.summaries) // not a method: the collector holds much more
}

// lookup returns a function that returns the summary of a function, or nil.
func lookup(summaries map[string]*pathops.Summary) func(*types.Func) analysis.Fact {
	return func(fn *types.Func) analysis.Fact {
		if s := summaries[fn.FullName()]; s != nil {
			return s
		}
		return nil
	}
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
	packages  map[string]*dependency // by import path
	order     []*dependency          // imported before importing
	summaries map[string]*pathops.Summary
	universe  *universe
	scans     map[*packages.Package]bool
}

// A dependency is one package that summaries may be wanted of.
type dependency struct {
	*packages.Package
	wanted map[string]int // functions, T.m for a method, with the depth at which they are wanted
	slice  *slice         // its syntax, as far as it is wanted; nil if nothing is
}

// list lists the packages that can have summaries: not those of the standard
// library, whose functions stand in the table, nor those that do not compile.
func (c *collector) list(analysed map[*packages.Package]bool) {
	roots := slices.SortedFunc(maps.Keys(analysed), func(a, b *packages.Package) int {
		return strings.Compare(a.ID, b.ID)
	})
	packages.Visit(roots, nil, func(pkg *packages.Package) {
		if analysed[pkg] || pkg.Module == nil || pkg.ExportFile == "" || len(pkg.Errors) > 0 || c.packages[pkg.PkgPath] != nil {
			return
		}
		d := &dependency{Package: pkg, wanted: make(map[string]int)}
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

// descend finds out, importing packages first, which functions touch files or
// call functions of other packages that may.
func (c *collector) descend() {
	for _, d := range slices.Backward(c.order) {
		if len(d.wanted) == 0 || !c.promising(d.Package) {
			continue
		}
		c.settings.Stats.Parsed.Add(1)
		d.slice = newSlice(d)
		for _, call := range d.slice.outward() {
			if e := c.packages[call.path]; e != nil && call.depth <= maxDepth {
				if depth, ok := e.wanted[call.name]; !ok || call.depth < depth {
					e.wanted[call.name] = call.depth
				}
			}
		}
	}
}

// promising reports whether the functions of a package may touch files by
// themselves, or through those of a package that it imports.
func (c *collector) promising(pkg *packages.Package) bool {
	if c.touches(pkg) {
		return true
	}
	for _, imp := range pkg.Imports {
		if d := c.packages[imp.PkgPath]; d != nil && c.touches(imp) {
			return true
		}
	}
	return false
}

// touches reports whether a package names a function of the table.
func (c *collector) touches(pkg *packages.Package) bool {
	t, ok := c.scans[pkg]
	if !ok {
		t = scan(pkg, c.settings.Table)
		c.scans[pkg] = t
	}
	return t
}

// ascend computes the summaries, imported packages first.
func (c *collector) ascend() {
	for _, d := range c.order {
		if d.slice == nil {
			continue
		}
		if d.slice.keep(c.functionTouches) {
			c.summarise(d)
		}
		d.slice = nil
	}
}

// functionTouches reports whether a function, no method, touches files by the
// table or by its summary. An address is a path only on a Unix socket.
func (c *collector) functionTouches(path, name string, socket bool) bool {
	full := path + "." + name
	row := c.settings.Table.Lookup(full)
	return row.Touches() && (row.Network == 0 || socket) || c.summaries[full] != nil
}

// summarise adds the summaries of a package.
func (c *collector) summarise(d *dependency) {
	own := &report.Settings{Table: c.settings.Table, Debug: c.settings.Debug, Fatal: c.settings.Fatal, Elsewhere: lookup(c.summaries)}
	defer c.settings.Recover(d.PkgPath, func() {})
	c.settings.Stats.Checked.Add(1)
	fset, files := d.slice.parse()
	pkg, info := c.universe.check(d, fset, files)
	if pkg == nil {
		c.settings.Debugf("%s: does not type-check from source", d.PkgPath)
		return
	}
	maps.Copy(c.summaries, pathops.Summaries(fset, files, pkg, info, d.wants, own))
}
