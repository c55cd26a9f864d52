package fspath

import (
	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Origins is a set of places that a path can come from.
type Origins uint16

// Has reports whether o is one of them.
func (s Origins) Has(o fsapi.Origin) bool { return s&(1<<o) != 0 }

// Origins returns where a path comes from, on any of the ways on which it is
// computed. A path that starts with a constant that is no absolute path comes
// from the working directory.
func (n *Numbering) Origins(v *Value) Origins {
	return n.origins(v, true, make(map[*Value]bool))
}

func (n *Numbering) origins(v *Value, first bool, seen map[*Value]bool) Origins {
	if seen[v] {
		return 0
	}
	seen[v] = true
	var set Origins
	switch v.Kind {
	case Const:
		if first && v.Name != "" && v.Name[0] != '/' && v.Name != "nil" {
			set |= 1 << fsapi.WorkDir
		}
	case Global:
		set |= bit(fsapi.VariableOrigin(v.Name))
	case Unique:
		return n.sources(v.Src, first, seen)
	case Pure:
		if row := fsapi.Lookup(v.Name); row != nil {
			if row.From != 0 {
				return bit(row.From)
			}
		}
	}
	for i, a := range v.Args {
		set |= n.origins(a, first && i == 0 && v.Kind == Pure, seen)
	}
	return set
}

// sources follows a value that is not computed from equal parts.
func (n *Numbering) sources(src ssa.Value, first bool, seen map[*Value]bool) Origins {
	var set Origins
	switch src := src.(type) {
	case *ssa.Phi:
		for _, e := range src.Edges {
			set |= n.origins(n.Of(e), first, seen)
		}
	case *ssa.Extract:
		return n.sources(src.Tuple, first, seen)
	case *ssa.Call:
		if row := n.unique(src).row(); row != nil {
			return bit(row.From)
		}
		if n.From != nil {
			return n.From(src.Common())
		}
	}
	return set
}

func bit(o fsapi.Origin) Origins {
	if o == 0 {
		return 0
	}
	return 1 << o
}
