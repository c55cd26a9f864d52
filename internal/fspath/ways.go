package fspath

import "golang.org/x/tools/go/ssa"

// MayBe reports whether v is w on one of the ways on which v is computed.
//
//	dir := a
//	if other {
//		dir = b
//	}
//	filepath.Join(dir, "x") // may be filepath.Join(b, "x"), not filepath.Join(b, "y")
func (n *Numbering) MayBe(v, w *Value) bool {
	if v == w {
		return true
	}
	if phi, ok := v.Src.(*ssa.Phi); ok && v.Kind == Unique {
		for _, e := range n.inputs(phi) {
			if n.Of(e) == w {
				return true
			}
		}
		return false
	}
	if v.Kind != w.Kind || v.Name != w.Name || v.ver != w.ver || len(v.Args) == 0 || len(v.Args) != len(w.Args) {
		return false
	}
	for i := range v.Args {
		if !n.MayBe(v.Args[i], w.Args[i]) {
			return false
		}
	}
	return true
}

// Apart returns the one phi in v at which v and w differ, and what w has in its place. It
// returns nil if they do not differ, or in more.
//
//	name := base
//	if taken {
//		name = other
//	}
//	filepath.Join(dir, name) // apart from filepath.Join(dir, base) in name, where that has base
func (n *Numbering) Apart(v, w *Value) (*ssa.Phi, *Value) {
	if v == w {
		return nil, nil
	}
	if phi, ok := v.Src.(*ssa.Phi); ok && v.Kind == Unique {
		return phi, w
	}
	if v.Kind != w.Kind || v.Name != w.Name || v.ver != w.ver || len(v.Args) != len(w.Args) {
		return nil, nil
	}
	var at *ssa.Phi
	var there *Value
	for i, a := range v.Args {
		if a == w.Args[i] {
			continue
		}
		if at != nil {
			return nil, nil
		}
		if at, there = n.Apart(a, w.Args[i]); at == nil {
			return nil, nil
		}
	}
	return at, there
}
