package pathops

import (
	"go/constant"
	"go/token"
	"go/types"
	"io/fs"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// inspected lists the questions about the object that a call looks at, one for
// each property that is compared with anything:
//
//	info, err := os.Lstat(path)
//	if info.Mode()&fs.ModeSymlink != 0 { // NoLink
//	if info.Mode().Perm()&0o022 != 0 {   // Permission
//	if info.Sys().(*syscall.Stat_t).Uid != uid { // Ownership
//
// Whether it is a directory is no such question: that picks what to do with it.
func (p *packageOps) inspected(call *ssa.Call, row *fsapi.Func) []*Scope {
	common := call.Common()
	v := argument(common, row.Ops[0].Arg)
	info, raw := metadataOf(call, row)
	if v == nil || info == nil {
		return nil
	}
	answers := p.properties(info, raw, row.Has(fsapi.NoFollow))
	var list []*Scope
	for _, property := range []Property{NoLink, Kind, Permission, Ownership} {
		if len(answers[property]) > 0 {
			list = append(list, &Scope{
				Check: scopeOp(call, row, nil), About: Object, Property: property,
				Path: p.num.Of(v), answers: answers[property],
			})
		}
	}
	return list
}

// metadataOf returns what a check has found: its result, or the struct that it
// fills, and how far that is from a property.
//
//	info, err := os.Stat(path)
//	err := unix.Lstat(path, &stat)
func metadataOf(call *ssa.Call, row *fsapi.Func) (ssa.Value, facet) {
	if row.Gives == fsapi.Info {
		return result(call, 0), wholeInfo
	}
	if len(call.Call.Args) == 2 {
		if stat, ok := call.Call.Args[1].(*ssa.Alloc); ok && isStat(stat.Type()) {
			return stat, wholeStat
		}
	}
	return nil, wholeInfo
}

// isStat reports whether a type is a pointer to the system's own form of
// metadata: syscall.Stat_t, unix.Stat_t.
func isStat(t types.Type) bool {
	ptr, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	return ok && named.Obj().Name() == "Stat_t"
}

// facet is a part of metadata, on the way from the whole to one property.
type facet uint8

const (
	wholeInfo facet = iota // an fs.FileInfo
	wholeStat              // a Stat_t
	modeBits               // type and permission
	typeBits               // the type alone
	linkBit                // whether it is a link
	permBits               // the permission
	owner                  // the user or the group
)

// hasPermission reports whether the permission is part of a facet.
func (f facet) hasPermission() bool { return f == modeBits || f == permBits }

// property is what a comparison of a facet restricts.
func (f facet) property(noFollow bool) Property {
	switch f {
	case linkBit:
		if noFollow {
			return NoLink
		}
	case typeBits:
		if noFollow {
			return NoLink
		}
		return Kind
	case permBits, modeBits:
		return Permission
	case owner:
		return Ownership
	}
	return 0
}

// properties follows metadata to the answers about each property: bools, and what
// is returned for the caller to compare.
func (p *packageOps) properties(info ssa.Value, as facet, noFollow bool) map[Property][]ssa.Value {
	const most = 200
	of := map[ssa.Value]facet{info: as}
	found := make(map[Property][]ssa.Value)
	for work := []ssa.Value{info}; len(work) > 0 && len(of) < most; {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if x.Referrers() == nil {
			continue
		}
		for _, ref := range *x.Referrers() {
			next, ok := ref.(ssa.Value)
			if !ok {
				continue
			}
			if _, seen := of[next]; seen {
				continue
			}
			f, ok := p.facetOf(next, x, of[x])
			if !ok {
				continue
			}
			of[next] = f
			property := f.property(noFollow)
			switch {
			case property == 0:
			case isBool(next.Type()):
				found[property] = append(found[property], next)
				continue
			case isReturned(next):
				found[property] = append(found[property], next) // for the caller to compare
			}
			work = append(work, next)
		}
	}
	return found
}

// isReturned reports whether a value is, as it is, a result of its function.
func isReturned(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.Return); ok {
			return true
		}
	}
	return false
}

// facetOf returns what a value is that is computed from x, which is a facet of
// metadata, if that is another one, or the answer to a question about one.
func (p *packageOps) facetOf(v, x ssa.Value, f facet) (facet, bool) {
	switch v := v.(type) {
	case *ssa.Call:
		return p.facetOfCall(v, x, f)
	case *ssa.BinOp:
		c, ok := v.Y.(*ssa.Const)
		if !ok {
			return f, f > wholeStat
		}
		if v.Op == token.AND && f.hasPermission() && isExecuteBits(c) {
			return 0, false
		}
		return f.masked(v.Op, c), f > wholeStat && !(f == typeBits && isDirBits(c))
	case *ssa.FieldAddr:
		switch name := fieldOf(v); {
		case f != wholeStat:
			return 0, false
		case name == "Mode":
			return modeBits, true
		case name == "Uid", name == "Gid":
			return owner, true
		}
		return 0, false
	case *ssa.UnOp, *ssa.Convert, *ssa.ChangeType, *ssa.Extract, *ssa.Phi, *ssa.ChangeInterface:
		return f, true
	case *ssa.TypeAssert:
		if f == wholeInfo && isStat(v.AssertedType) {
			return wholeStat, true
		}
		return f, f == wholeStat
	}
	return 0, false
}

// facetOfCall returns what a call makes of a facet: info.Mode(), mode.Perm(), a
// helper that compares its argument.
func (p *packageOps) facetOfCall(call *ssa.Call, x ssa.Value, f facet) (facet, bool) {
	args := fspath.Arguments(call.Common())
	if row := p.num.Row(call); row != nil {
		if len(args) == 0 || args[0] != x {
			return 0, false
		}
		switch {
		case row.Gives == fsapi.Mode && f == wholeInfo:
			return modeBits, true
		case row.Gives == fsapi.Mode && row.Has(fsapi.PermBits):
			return permBits, f == modeBits
		case row.Gives == fsapi.Mode:
			return typeBits, f == modeBits
		case row.Gives == fsapi.IsRegular:
			return typeBits, f == modeBits
		case row.Gives == fsapi.Sys:
			return wholeInfo, f == wholeInfo
		}
		return 0, false
	}
	callee := call.Common().StaticCallee()
	if callee == nil || f > wholeStat || callee == call.Parent() {
		return 0, false
	}
	for i, arg := range args {
		if arg == x && i < len(callee.Params) {
			return p.comparesParam(callee, i, f)
		}
	}
	return 0, false
}

// comparesParam reports which facet of its parameter, metadata, a helper of the
// package compares with anything: ownedByUs(info).
func (p *packageOps) comparesParam(fn *ssa.Function, i int, f facet) (facet, bool) {
	if n := fn.Signature.Results().Len(); n == 0 || len(fn.Blocks) == 0 || p.comparing[fn] {
		return 0, false
	}
	p.comparing[fn] = true
	defer delete(p.comparing, fn)
	answers := p.properties(fn.Params[i], f, true)
	for _, property := range []Property{NoLink, Ownership, Permission} {
		if len(answers[property]) > 0 {
			return map[Property]facet{NoLink: linkBit, Ownership: owner, Permission: permBits}[property], true
		}
	}
	return 0, false
}

// masked is what an operation with a constant leaves of bits.
//
//	mode & fs.ModeSymlink // of modeBits: linkBit
//	mode & fs.ModeType    // typeBits
//	mode & 0o022          // permBits
func (f facet) masked(op token.Token, c *ssa.Const) facet {
	bits, ok := bitsOf(c)
	if !ok || f != modeBits && f != typeBits {
		return f
	}
	switch {
	case bits == uint64(fs.ModeSymlink), f == typeBits && bits == sIFLNK:
		return linkBit
	case f == modeBits && op == token.AND && bits&(uint64(fs.ModeType)|sIFMT) != 0:
		return typeBits
	case f == modeBits && op == token.AND:
		return permBits
	}
	return f
}

// The bits of the type in a Stat_t, the same on all systems.
const (
	sIFMT  = 0xf000
	sIFDIR = 0x4000
	sIFLNK = 0xa000
)

// isDirBits reports whether a constant is the type of a directory.
func isDirBits(c *ssa.Const) bool {
	bits, ok := bitsOf(c)
	return ok && (bits == sIFDIR || bits == uint64(fs.ModeDir))
}

// isExecuteBits reports whether a constant is of execute bits alone. A look for them is no
// question of trust: the system makes the same one when the program is started.
//
//	if info.Mode()&0o111 == 0 { return fs.ErrPermission } // as exec.LookPath
//
//	if info.Mode()&0o022 != 0 { return errWritable }      // nobody else makes this one
func isExecuteBits(c *ssa.Const) bool {
	const all = 0o111
	bits, ok := bitsOf(c)
	return ok && bits != 0 && bits&^all == 0
}

// bitsOf returns the bits of a constant, if it is an integer.
func bitsOf(c *ssa.Const) (bits uint64, ok bool) {
	if c.Value == nil || c.Value.Kind() != constant.Int {
		return 0, false
	}
	return c.Uint64(), true
}

func fieldOf(a *ssa.FieldAddr) string {
	ptr, ok := a.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return ""
	}
	s, ok := ptr.Elem().Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	return s.Field(a.Field).Name()
}
