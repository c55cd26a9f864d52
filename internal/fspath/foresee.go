package fspath

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Foresight is how well other users can predict a path.
type Foresight uint8

// The degrees, from the best guess to none.
const (
	Foreseen Foresight = iota // of constants, the time, the process and what is given
	Unsure                    // of something that is not seen
	Hidden                    // of something random
)

// Foresee returns how well another user who knows the given paths can predict v.
func (n *Numbering) Foresee(v *Value, given ...*Value) Foresight {
	return n.foresee(v, given, make(map[*Value]bool))
}

func (n *Numbering) foresee(v *Value, given []*Value, seen map[*Value]bool) Foresight {
	if seen[v] || slices.Contains(given, v) {
		return Foreseen
	}
	seen[v] = true
	switch v.Kind {
	case Const:
		return Foreseen
	case Pure:
		if v.Name == nameOf {
			return Unsure
		}
		return n.foreseeAll(v.Args, given, seen)
	case Global:
		return n.foreseeHeld(v.Name, given, seen)
	case Field:
		if v.Name != target {
			return n.foreseeHeld(v.Owner+"."+v.Name, given, seen)
		}
	case Unique:
		return n.foreseeSource(v.Src, given, seen)
	case Chosen:
		return n.foreseeAll(v.Args[:v.Ways], given, seen)
	}
	return Unsure
}

// foreseeAll returns how well a path can be predicted that any of the values is part of.
func (n *Numbering) foreseeAll(values []*Value, given []*Value, seen map[*Value]bool) Foresight {
	worst := Foreseen
	for _, v := range values {
		worst = max(worst, n.foresee(v, given, seen))
	}
	return worst
}

// foreseeHeld returns how well the value of a field or package-level variable can be
// predicted.
func (n *Numbering) foreseeHeld(key string, given []*Value, seen map[*Value]bool) Foresight {
	stored := n.mem.stored[key]
	if len(stored) == 0 || n.mem.set[key] != 0 {
		return Unsure // set elsewhere, or by the user
	}
	worst := Foreseen
	for _, v := range stored {
		worst = max(worst, n.foresee(n.Of(v), given, seen))
	}
	return worst
}

// foreseeSource follows a value that is not computed from equal parts.
func (n *Numbering) foreseeSource(src ssa.Value, given []*Value, seen map[*Value]bool) Foresight {
	var parts []ssa.Value
	switch src := src.(type) {
	case *ssa.Phi:
		parts = n.inputs(src)
	case *ssa.Convert:
		parts = []ssa.Value{src.X}
	case *ssa.BinOp:
		parts = []ssa.Value{src.X, src.Y}
	case *ssa.Extract:
		return n.foreseeSource(src.Tuple, given, seen)
	case *ssa.Call:
		row := n.row(n.unique(src))
		switch {
		case row == nil:
			return Unsure
		case row.Gives == fsapi.Random, row.Gives == fsapi.NewFile, row.Gives == fsapi.NewDir, row.Gives == fsapi.NewPath:
			return Hidden
		case row.Gives == fsapi.Clock, row.From != 0 && row.From != fsapi.Argument:
			return Foreseen
		}
		return Unsure
	default:
		return Unsure
	}
	worst := Foreseen
	for _, part := range parts {
		worst = max(worst, n.foresee(n.Of(part), given, seen))
	}
	return worst
}
