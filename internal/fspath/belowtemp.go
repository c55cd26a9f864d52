package fspath

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// BelowTemp reports whether a path can be a name in a directory that every user may
// write to, as opposed to that directory itself.
//
//	filepath.Join(os.TempDir(), "app")                    // is one
//	filepath.Dir(filepath.Join(os.TempDir(), "app", "x")) // is one
//	filepath.Dir(filepath.Join(os.TempDir(), "x"))        // is not
//
// It looks through variables, fields and functions of the package:
//
//	func dir() string {
//		if d := os.Getenv("APP_DIR"); d != "" {
//			return d
//		}
//		return filepath.Join(os.TempDir(), "app")
//	}
func (n *Numbering) BelowTemp(v *Value) bool { return n.belowTemp(v, 0, make(map[*Value]bool)) }

// belowTemp is BelowTemp for the directory that is up levels above v.
func (n *Numbering) belowTemp(v *Value, up int, seen map[*Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	defer delete(seen, v)
	switch v.Kind {
	case Const:
		return belowTempText(v.Name, up)
	case Global:
		return n.anyBelowTemp(n.mem.stored[v.Name], up, seen)
	case Field:
		return n.anyBelowTemp(n.mem.stored[v.Owner+"."+v.Name], up, seen)
	case Unique:
		return n.anyBelowTemp(n.ways(v.Src), up, seen)
	case Chosen:
		return slices.ContainsFunc(v.Args[:v.Ways], func(a *Value) bool { return n.belowTemp(a, up, seen) })
	case Pure:
		return n.madeBelowTemp(v, up, seen)
	}
	return false
}

func (n *Numbering) anyBelowTemp(values []ssa.Value, up int, seen map[*Value]bool) bool {
	for _, v := range values {
		if n.belowTemp(n.Of(v), up, seen) {
			return true
		}
	}
	return false
}

// madeBelowTemp is belowTemp for a path that is computed from others.
func (n *Numbering) madeBelowTemp(v *Value, up int, seen map[*Value]bool) bool {
	row := n.table.Lookup(v.Name)
	switch {
	case len(v.Args) == 0:
		return false
	case v.Appended() != nil:
		return up == 0 && n.Origins(v.Args[0]).Has(fsapi.TempDir)
	case v.Joined() != nil:
		names := 0
		for _, a := range v.Args[1:] {
			names += elements(a)
		}
		if names > up {
			return n.Origins(v.Args[0]).Has(fsapi.TempDir)
		}
		return n.belowTemp(v.Args[0], up-names, seen)
	case row.Has(fsapi.Ascends):
		return n.belowTemp(v.Args[0], up+1, seen)
	case row.Has(fsapi.Respells):
		return n.belowTemp(v.Args[0], up, seen)
	case row.Has(fsapi.Formats):
		format, ok := v.Args[0].Text()
		if !ok || up > 0 {
			return false
		}
		belowFirst := len(v.Args) > 1 && strings.HasPrefix(format, "%s/")
		return belowTempText(format, 0) || belowFirst && n.Origins(v.Args[1]).Has(fsapi.TempDir)
	}
	return false
}

// ways returns the values that v is on the ways on which it is computed: the
// inputs of a phi, or what a function of the package returns.
func (n *Numbering) ways(v ssa.Value) []ssa.Value {
	index := 0
	if x, ok := v.(*ssa.Extract); ok {
		v, index = x.Tuple, x.Index
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return n.inputs(v)
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		if callee == nil {
			return nil
		}
		var list []ssa.Value
		for _, b := range callee.Blocks {
			if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
				list = append(list, ret.Results[index])
			}
		}
		return list
	}
	return nil
}

// elements returns how many elements of a path a value is, one at least.
func elements(v *Value) int {
	text, ok := v.Text()
	if !ok {
		return 1
	}
	return len(strings.FieldsFunc(text, func(r rune) bool { return r == '/' }))
}

func belowTempText(text string, up int) bool {
	for range up {
		text = path.Dir(text)
	}
	return sharedTemp(text) && !strings.HasSuffix(text, "/") && sharedTemp(path.Dir(text))
}
