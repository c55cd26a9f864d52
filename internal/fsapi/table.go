package fsapi

import "maps"

// A Table is what one run knows of functions: the rows of this package, and
// those that a user adds for functions of their own. The nil table has the
// rows of this package alone. A Table does not change once it is made.
type Table struct {
	added    map[string]*Func
	packages map[string]bool
}

// With returns a table with the rows added. A row for a function that is in
// the table of this package replaces it.
func With(rows []Func) *Table {
	if len(rows) == 0 {
		return nil
	}
	t := &Table{added: byName(rows), packages: maps.Clone(Packages())}
	maps.Copy(t.packages, touching(t.added))
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
