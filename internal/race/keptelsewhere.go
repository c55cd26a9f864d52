package race

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// needsKept reports whether this package needs to know what other packages keep of the
// files that it writes.
func (ev *evidence) needsKept() bool { return ev.shown != nil && ev.shown.keeps }

// showKept records what a function keeps of a file that it reads.
//
//	func (c *Config) Load() error {                // package conf
//		text, err := os.ReadFile(c.Path)
//		…
//		return json.Unmarshal(text, &c.Entries)    // kept in example.com/conf.Config.Entries
//	}
func (ev *evidence) showKept(u *updates, f *pathops.Func, read *pathops.Op) {
	keys := ev.keysOf(read.Path)
	if len(keys) == 0 {
		return
	}
	holds := u.reading(f, []*pathops.Op{read}, 0).keptNames()
	if len(holds) == 0 {
		return
	}
	kept := keptContent{path: ev.shown.path, where: ev.spotOf(read.At), row: read.Row, holds: holds}
	for _, key := range keys {
		ev.shown.kept[key] = append(ev.shown.kept[key], kept)
	}
}

// keptElsewhere returns the read, in another package, whose content use writes, or nil.
// While the packages are not joined, it records that this is needed.
//
//	func Rename(c *conf.Config, old, name string) error { // another package
//		c.Entries[name] = c.Entries[old]
//		text, err := json.Marshal(c.Entries)
//		…
//		return replace(c.Path, text)
//	}
//
// The twin writes what comes from another field:
//
//	text, err := json.Marshal(c.Defaults)
func (ev *evidence) keptElsewhere(u *updates, f *pathops.Func, use *pathops.Op) *pathops.Op {
	if ev.keys == nil {
		return nil
	}
	keys := ev.keysOf(use.Path)
	if ev.needsKept() && len(keys) > 0 {
		ev.questions = append(ev.questions, question{keys: keys})
	}
	for _, k := range ev.joined.keptOf(keys, f.Fn.Pkg.Pkg.Path()) {
		c := newContents(ev.ops.Numbers, f)
		c.takeNames(k.holds)
		c.spread()
		if u.writes(c, use, 0) {
			return &pathops.Op{Effect: fsapi.Open, Path: use.Path, Row: k.row, At: k.where.pos, Deep: k.where.pos, Perm: -1}
		}
	}
	return nil
}

// keptNames is kept with the names of fields, variables and types, which other packages
// know them by.
func (c *contents) keptNames() map[string]bool {
	holds := make(map[string]bool)
	for of := range c.kept() {
		switch of := of.(type) {
		case *types.Named:
			holds[types.TypeString(of.Origin(), nil)] = true
		case *ssa.Global:
			holds[of.Pkg.Pkg.Path()+"."+of.Name()] = true
		}
	}
	c.eachField(func(addr *ssa.FieldAddr) {
		if c.fields[field{c.num.Of(addr.X), addr.Field}] && !isFresh(addr.X) {
			holds[fieldAcross(addr)] = true
		}
	})
	return holds
}

// takeNames is take for what a function of another package has left.
func (c *contents) takeNames(holds map[string]bool) {
	for _, p := range c.f.Fn.Params {
		if t := namedPointer(p.Type()); t != nil && holds[types.TypeString(t.Origin(), nil)] {
			c.mark(p)
		}
	}
	for _, b := range c.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			for _, op := range instr.Operands(nil) {
				if g, ok := (*op).(*ssa.Global); ok && g.Pkg != nil && holds[g.Pkg.Pkg.Path()+"."+g.Name()] {
					c.mark(g)
				}
			}
		}
	}
	c.eachField(func(addr *ssa.FieldAddr) {
		if holds[fieldAcross(addr)] && !isFresh(addr.X) {
			c.fillPlace(addr)
		}
	})
}

// fieldAcross names a field, for other packages, with the type that it is of.
func fieldAcross(addr *ssa.FieldAddr) string {
	t := addr.X.Type().Underlying().(*types.Pointer).Elem()
	if named, ok := t.(*types.Named); ok {
		t = named.Origin()
	}
	return types.TypeString(t, nil) + "." + structField(addr).Name()
}
