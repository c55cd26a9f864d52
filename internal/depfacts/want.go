package depfacts

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/load"
)

// mentions are what the named packages name of others, by the tokens of their
// sources: to know by types they would have to be in memory, all at once.
type mentions struct {
	functions map[reference]bool // what is selected from an import
	names     map[string]bool    // whatever else is selected, methods among it
}

// want notes which functions of dependencies the named packages may call: the
// functions that they name, and those methods by whose names they select
// something, of the types of packages that they import or that those import. A
// value of a type from farther away hardly reaches them.
func (f *Finder) want(named []*packages.Package) {
	m := &mentions{functions: make(map[reference]bool), names: make(map[string]bool)}
	for _, pkg := range named {
		for _, name := range pkg.CompiledGoFiles {
			m.readFile(pkg, name, f.settings.Overlay)
		}
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
	f.methods = m.names
}

// near notes that values of the types of a package may reach the named ones.
func (f *Finder) near(pkg *packages.Package) {
	if d := f.packages[pkg.PkgPath]; d != nil && d.Package == pkg {
		d.near = true
	}
}

// wanted returns at which depth a declared function is wanted, if it is.
func (f *Finder) wanted(d *dependency, decl *declaration) (depth int, ok bool) {
	if d.near && decl.recv != "" && f.methods[decl.name] && token.IsExported(decl.name) {
		return 0, true
	}
	depth, ok = d.wanted[decl.fullName()]
	return depth, ok
}

// readFile adds what a file of a package mentions. What cannot be read will be
// told of when the package is loaded.
func (m *mentions) readFile(pkg *packages.Package, name string, overlay map[string][]byte) {
	read := func(text []byte) error {
		imports, err := readImports(pkg, name, text)
		if err == nil {
			m.read(text, imports.paths)
		}
		return err
	}
	if text, ok := overlay[name]; ok {
		read(text) //nolint:errcheck // see above
		return
	}
	load.Text(name, read) //nolint:errcheck // see above
}

// read adds what a text mentions that has these imports, by local names.
func (m *mentions) read(text []byte, imports map[string]string) {
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
		case !m.names[string(r.text())]: // asking makes no string
			m.names[string(r.text())] = true
		}
		imported = ""
	}
}

// wants reports whether a function of the dependency may be asked of: it is
// wanted, or a method that is called where only types would tell.
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
