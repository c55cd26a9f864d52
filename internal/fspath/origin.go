package fspath

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Origins is a set of places that a path can come from.
type Origins uint16

// Has reports whether o is one of them.
func (s Origins) Has(o fsapi.Origin) bool { return s&(1<<o) != 0 }

// fresh is the bit of a temporary file that this program created with a unique name.
const fresh Origins = 1 << 15

// Fresh reports whether the path is, or lies in, such a temporary.
func (s Origins) Fresh() bool { return s&fresh != 0 }

// Held returns where a path comes from that is stored in a field or a variable and may
// be replaced: a default such as "." says nothing of another one.
func (s Origins) Held() Origins { return s &^ (fresh | bit(fsapi.WorkDir)) }

// Origins returns where a path comes from, on any of the ways on which it is
// computed. A path that starts with a constant that is no absolute path comes
// from the working directory.
func (n *Numbering) Origins(v *Value) Origins {
	return n.origins(v, true, make(map[*Value]bool))
}

// isRelative reports whether a constant is the beginning of a path in the working
// directory: "data", not "/etc", nor no text at all.
func isRelative(c *Value) bool {
	return c.Name != "" && c.Name[0] != '/' && c.Name != "nil"
}

func (n *Numbering) origins(v *Value, first bool, seen map[*Value]bool) Origins {
	if seen[v] {
		return 0
	}
	seen[v] = true
	var set Origins
	switch v.Kind {
	case Const:
		if sharedTemp(v.Name) {
			return bit(fsapi.TempDir)
		}
		if first && isRelative(v) {
			set |= 1 << fsapi.WorkDir
		}
	case Global:
		return bit(fsapi.VariableOrigin(v.Name)) | n.held(v.Name, seen)
	case Field:
		if v.Name != target {
			return n.held(v.Owner+"."+v.Name, seen)
		}
	case Unique:
		return n.sources(v.Src, first, seen)
	case Chosen:
		for _, a := range v.Args[:v.Ways] {
			set |= n.origins(a, first, seen)
		}
		return set
	case Pure:
		if row := n.table.Lookup(v.Name); row != nil && row.From != 0 {
			return bit(row.From)
		}
		if v.Name == formatted && len(v.Args) > 1 {
			if format, ok := v.Args[0].Text(); ok && strings.HasPrefix(format, "%") {
				// The format is no part of the path, its first operand is.
				set := n.origins(v.Args[1], first, seen)
				for _, a := range v.Args[2:] {
					set |= n.origins(a, false, seen)
				}
				return set
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
		for _, e := range n.inputs(src) {
			set |= n.origins(n.Of(e), first, seen)
		}
	case *ssa.Extract:
		return n.sources(src.Tuple, first, seen)
	case *ssa.Call:
		if builtin, ok := src.Call.Value.(*ssa.Builtin); ok && builtin.Name() == "append" {
			for _, v := range Operands(src.Common()) {
				set |= n.origins(n.Of(v), first, seen)
			}
			return set
		}
		if row := n.row(n.unique(src)); row != nil {
			switch row.Gives {
			case fsapi.NewFile, fsapi.NewDir:
				return fresh | n.parent(src, seen)
			case fsapi.NewPath:
				return fresh
			}
			return bit(row.From)
		}
		if n.From != nil {
			return n.From(src.Common())
		}
	}
	return set
}

// held returns where the values come from that the package stores to a field
// or a package-level variable. It is a fresh temporary only if all of them are.
func (n *Numbering) held(key string, seen map[*Value]bool) Origins {
	set, all := n.mem.set[key], fresh
	for _, v := range n.mem.stored[key] {
		from := n.origins(n.Of(v), false, seen)
		set |= from
		all &= from
	}
	if len(n.mem.stored[key]) == 0 {
		all = 0
	}
	return set.Held() | all
}

// EachStore calls visit for what a function stores in fields and package-level
// variables, of which key is the name with the type or package.
func (n *Numbering) EachStore(fn *ssa.Function, visit func(key string, field bool, value ssa.Value)) {
	acc := n.mem.access[fn]
	if acc == nil {
		return
	}
	for _, s := range acc.stores {
		if key := n.names.placeKey(s.Addr); key != "" {
			_, field := s.Addr.(*ssa.FieldAddr)
			visit(key, field, s.Val)
		}
	}
}

// EachSet calls visit for the fields and package-level variables that a call such as
// flag.StringVar has the command line set.
func (n *Numbering) EachSet(visit func(key string, from Origins)) {
	for key, from := range n.mem.set {
		visit(key, from)
	}
}

// Stored returns what the package stores in the field or the package-level variable
// that v is the content of, whatever the object.
func (n *Numbering) Stored(v *Value) []*Value {
	key := v.Name
	switch v.Kind {
	case Field:
		key = v.Owner + "." + v.Name
	case Global:
	default:
		return nil
	}
	var list []*Value
	for _, s := range n.mem.stored[key] {
		list = append(list, n.Of(s))
	}
	return list
}

// formatted is the function whose first argument is a format.
const formatted = "fmt.Sprintf"

// From returns the set of one origin, or none.
func From(o fsapi.Origin) Origins { return bit(o) }

func bit(o fsapi.Origin) Origins {
	if o == 0 {
		return 0
	}
	return 1 << o
}

// parent returns where the directory comes from that a call makes a temporary
// in. No directory is the shared one.
func (n *Numbering) parent(call *ssa.Call, seen map[*Value]bool) Origins {
	args := Arguments(call.Common())
	if len(args) == 0 {
		return 0
	}
	dir := n.Of(args[0])
	if text, ok := dir.Text(); ok && text == "" {
		return bit(fsapi.TempDir)
	}
	return n.origins(dir, false, seen) & bit(fsapi.TempDir)
}

// sharedTemp reports whether a constant path is, or is in, a directory that
// every user may write to.
func sharedTemp(text string) bool {
	for _, dir := range []string{"/tmp/", "/var/tmp/", "/dev/shm/"} {
		if strings.HasPrefix(text+"/", dir) {
			return true
		}
	}
	return false
}
