package fsapi

import (
	"maps"
	"sync"
)

// A Table is what one run knows of functions: the rows of this package, and
// those that a user adds for functions of their own. The nil table has the
// rows of this package alone. A Table does not change once it is made.
type Table struct {
	added    map[string]*Func
	packages map[string]bool // with a function that touches files
	named    map[string]bool // with any function
}

// With returns a table with the rows added. A row for a function that is in
// the table of this package replaces it.
func With(rows []Func) *Table {
	if len(rows) == 0 {
		return nil
	}
	t := &Table{added: byName(rows), packages: maps.Clone(Packages()), named: maps.Clone(named())}
	maps.Copy(t.packages, touching(t.added))
	maps.Copy(t.named, packagesOf(t.added))
	return t
}

// Lookup returns the row of the function with the full name, or nil.
func (t *Table) Lookup(name string) *Func {
	if t != nil {
		if row := t.added[name]; row != nil {
			return row
		}
	}
	return Lookup(name)
}

// Packages is Packages with the packages of the added rows. The map is shared:
// do not change it.
func (t *Table) Packages() map[string]bool {
	if t == nil {
		return Packages()
	}
	return t.packages
}

// Names reports whether the table has a row of any function of the package.
// The full name of a function is long in the making, and few packages have one.
func (t *Table) Names(pkg string) bool {
	if t == nil {
		return named()[pkg]
	}
	return t.named[pkg]
}

// named are the packages of this package's rows.
var named = sync.OnceValue(func() map[string]bool { return packagesOf(index()) })

func packagesOf(rows map[string]*Func) map[string]bool {
	m := make(map[string]bool)
	for name := range rows {
		m[PackagePath(name)] = true
	}
	return m
}
