package depfacts

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/load"
)

// mentions are what the named packages name of others, by the tokens of their
// sources: to know by types they would have to be in memory, all at once.
type mentions struct {
	functions map[reference]bool // what is selected from an import
	names     map[string]set     // whatever else is selected, methods among it, and by which packages
}

// want notes which functions of dependencies the named packages may call. These are
// the functions that they name, and methods of packages that one of them imports, or
// that such a package imports: a value of a type from farther away hardly reaches
// them. Such a method is wanted where a named package selects something by its name
// that imports the method's package, through others perhaps.
func (f *Finder) want(named []*packages.Package) {
	m := readMentions(named, f.env.Overlay)
	f.mentions = m
	for _, pkg := range named {
		for _, imp := range pkg.Imports {
			f.near(imp)
			for _, imp := range imp.Imports {
				f.near(imp)
			}
		}
	}
	for ref := range m.functions {
		if d := f.packages[ref.path]; d != nil && f.settings.Table.Lookup(ref.path+"."+ref.name) == nil {
			d.wanted[ref.name] = 0
		}
	}
	f.reach(named)
}

// readMentions returns what the packages mention.
func readMentions(named []*packages.Package, overlay map[string][]byte) *mentions {
	m := &mentions{functions: make(map[reference]bool), names: make(map[string]set)}
	for i, pkg := range named {
		for _, name := range pkg.CompiledGoFiles {
			m.readFile(pkg, name, i, overlay)
		}
	}
	return m
}

// Covers reports whether the finder has looked for all that the named packages may
// call now, after their files have changed: whether they mention no function of a
// dependency that they did not mention before, and no exported name that may be a
// method of one.
//
//	yaml.Unmarshal(data, &v) // not covered if no named package has called it before
//	os.Stat(path)            // covered: the table has its row
func (f *Finder) Covers(p *load.Program, overlay map[string][]byte) bool {
	<-f.looked
	m := readMentions(sorted(p.Packages), overlay)
	for ref := range m.functions {
		if f.packages[ref.path] != nil && !f.mentions.functions[ref] {
			return false
		}
	}
	for name, now := range m.names {
		if token.IsExported(name) && !f.mentions.names[name].contains(now) {
			return false
		}
	}
	return true
}

// near notes that values of the types of a package may reach the named ones.
func (f *Finder) near(pkg *packages.Package) {
	if d := f.packages[pkg.PkgPath]; d != nil && d.Package == pkg {
		d.near = true
	}
}

// reach notes from which of the named packages each dependency is imported, through
// others perhaps.
func (f *Finder) reach(named []*packages.Package) {
	above := make(map[*packages.Package]set)
	for i, pkg := range named {
		above[pkg] = above[pkg].with(i)
	}
	var order []*packages.Package // imported before importing
	packages.Visit(named, nil, func(pkg *packages.Package) { order = append(order, pkg) })
	for _, pkg := range slices.Backward(order) {
		for _, imp := range pkg.Imports {
			above[imp] = above[imp].union(above[pkg])
		}
		if d := f.packages[pkg.PkgPath]; d != nil && d.Package == pkg {
			d.above = above[pkg]
		}
	}
}

// wanted returns at which depth a declared function is wanted, if it is.
func (f *Finder) wanted(d *dependency, decl *declaration) (depth int, ok bool) {
	if d.near && decl.recv != "" && token.IsExported(decl.name) && d.above.meets(f.mentions.names[decl.name]) {
		return 0, true
	}
	depth, ok = d.wanted[decl.fullName()]
	return depth, ok
}

// A set is one of small numbers, a bit for each.
type set []uint64

func (s set) has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 != 0 }

// with returns the set with i, and may change it.
func (s set) with(i int) set {
	for len(s) <= i/64 {
		s = append(s, 0)
	}
	s[i/64] |= 1 << (i % 64)
	return s
}

// union returns the set with the members of t, and may change it.
func (s set) union(t set) set {
	for i, bits := range t {
		if i == len(s) {
			s = append(s, 0)
		}
		s[i] |= bits
	}
	return s
}

// contains reports whether all members of t are members of the set.
func (s set) contains(t set) bool {
	for i, bits := range t {
		if i >= len(s) && bits != 0 || i < len(s) && bits&^s[i] != 0 {
			return false
		}
	}
	return true
}

// meets reports whether the sets have a member in common.
func (s set) meets(t set) bool {
	for i := range min(len(s), len(t)) {
		if s[i]&t[i] != 0 {
			return true
		}
	}
	return false
}

// readFile adds what a file of the package of that number mentions. An error
// is reported when the package is loaded.
func (m *mentions) readFile(pkg *packages.Package, name string, number int, overlay map[string][]byte) {
	read := func(text []byte) error {
		imports, err := readImports(pkg, name, text)
		if err == nil {
			m.read(text, number, imports.paths)
		}
		return err
	}
	if text, ok := overlay[name]; ok {
		read(text) //nolint:errcheck // see above
		return
	}
	load.Text(name, read) //nolint:errcheck // see above
}

// read adds what a text of the package of that number mentions, which has these
// imports, by local names.
func (m *mentions) read(text []byte, number int, imports map[string]string) {
	dot := imports["."] // of which any name may be
	imported := ""      // the path of the package whose local name was read last
	r := newReader(text)
	for r.next(); r.tok != token.EOF; r.next() {
		switch {
		case r.tok == token.PERIOD:
			continue
		case r.tok != token.IDENT:
		case r.before != token.PERIOD:
			if imported = imports[string(r.text())]; imported != "" {
				continue
			}
			if dot != "" {
				m.functions[reference{dot, string(r.text())}] = true
			}
		case imported != "":
			m.functions[reference{imported, string(r.text())}] = true
		case !m.names[string(r.text())].has(number): // asking makes no string
			m.names[string(r.text())] = m.names[string(r.text())].with(number)
		}
		imported = ""
	}
}

// wants reports whether the summary of a function of the dependency may be requested: it
// is wanted, or it is a method, whose calls only types can identify.
func (d *dependency) wants(fn *types.Func) bool {
	_, ok := d.wanted[localName(fn)]
	return ok || fn.Exported() && fn.Signature().Recv() != nil
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
