package pathops

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxElements bounds how many elements of a literal are distinguished.
const maxElements = 8

// elements returns what v is in one round of a loop or another, where the function
// makes a literal of a few paths and goes through it; nil for anything else.
//
//	for _, path := range []string{cert, key} { os.Remove(path) }
//	for path, data := range map[string][]byte{cert: c, key: k} { os.WriteFile(path, data, 0o600) }
//	for _, file := range []file{{cert, c}, {key, k}} { os.WriteFile(file.path, file.data, 0o600) }
func elements(v ssa.Value) []ssa.Value {
	if !isText(v.Type()) {
		return nil
	}
	switch v := v.(type) {
	case *ssa.Extract:
		if next, ok := v.Tuple.(*ssa.Next); ok && !next.IsString {
			return ofMap(next, v.Index)
		}
	case *ssa.UnOp:
		if v.Op != token.MUL {
			break
		}
		switch addr := v.X.(type) {
		case *ssa.IndexAddr: // a string
			return ofSlice(addr, func(elem *ssa.IndexAddr) ssa.Value { return storedAt(elem) })
		case *ssa.FieldAddr: // the field of a struct: &s[i].path, or of the variable s[i] was assigned to
			return ofSlice(elementOf(addr.X), func(elem *ssa.IndexAddr) ssa.Value { return fieldAt(elem, addr.Field) })
		}
	case *ssa.Field:
		if load, ok := v.X.(*ssa.UnOp); ok {
			return ofSlice(elementOf(load.X), func(elem *ssa.IndexAddr) ssa.Value { return fieldAt(elem, v.Field) })
		}
	}
	return nil
}

// elementOf returns the address of an element of a slice that a struct is at, or was
// copied from into a variable of the loop; nil for another struct.
func elementOf(addr ssa.Value) *ssa.IndexAddr {
	switch a := addr.(type) {
	case *ssa.IndexAddr:
		return a
	case *ssa.Alloc:
		if load, ok := storedAt(a).(*ssa.UnOp); ok && load.Op == token.MUL {
			elem, _ := load.X.(*ssa.IndexAddr)
			return elem
		}
	}
	return nil
}

// ofMap returns the keys (index 1) or the values (index 2) of a map literal that a
// loop goes through.
func ofMap(next *ssa.Next, index int) []ssa.Value {
	loop, ok := next.Iter.(*ssa.Range)
	if !ok {
		return nil
	}
	made, ok := loop.X.(*ssa.MakeMap)
	if !ok {
		return nil
	}
	var list []ssa.Value
	for _, ref := range *made.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Map != made || len(list) == maxElements {
				return nil
			}
			list = append(list, map[int]ssa.Value{1: ref.Key, 2: ref.Value}[index])
		case *ssa.Range, *ssa.Lookup, *ssa.DebugRef:
		default:
			return nil // others may add to it
		}
	}
	return list
}

// ofSlice returns what get finds at the elements of the slice literal that elem is
// an element of; nil if something is not found.
func ofSlice(elem *ssa.IndexAddr, get func(*ssa.IndexAddr) ssa.Value) []ssa.Value {
	if elem == nil {
		return nil
	}
	if _, isConst := elem.Index.(*ssa.Const); isConst {
		return nil // that one, and none of the others
	}
	var array *ssa.Alloc
	switch x := elem.X.(type) {
	case *ssa.Slice:
		array, _ = x.X.(*ssa.Alloc)
		if x.Low != nil || x.High != nil {
			return nil
		}
	case *ssa.Alloc:
		array = x
	}
	if array == nil {
		return nil
	}
	var list []ssa.Value
	for _, ref := range *array.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok || addr == elem {
			continue
		}
		v := get(addr)
		if v == nil || len(list) == maxElements {
			return nil
		}
		list = append(list, v)
	}
	return list
}

// storedAt returns the one value that is stored at an address, or nil.
func storedAt(addr ssa.Value) ssa.Value {
	var stored ssa.Value
	for _, ref := range *addr.Referrers() {
		if store, ok := ref.(*ssa.Store); ok && store.Addr == addr {
			if stored != nil {
				return nil
			}
			stored = store.Val
		}
	}
	return stored
}

// fieldAt returns the one value that is stored to a field of the struct at an
// address, or nil.
func fieldAt(addr *ssa.IndexAddr, field int) ssa.Value {
	for _, ref := range *addr.Referrers() {
		if f, ok := ref.(*ssa.FieldAddr); ok && f.Field == field {
			return storedAt(f)
		}
	}
	if whole := storedAt(addr); whole != nil {
		return storedField(whole, field)
	}
	return nil
}

// inRounds lists a call as it is in the rounds of a loop over a few paths: with each
// element in the place of the argument.
func inRounds(c *ssa.CallCommon) []*ssa.CallCommon {
	var list []*ssa.CallCommon
	for i, arg := range c.Args {
		for _, elem := range elements(arg) {
			round := *c
			round.Args = slices.Clone(c.Args)
			round.Args[i] = elem
			list = append(list, &round)
		}
	}
	return list
}
