package pathops

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// resultPath returns the result of fn that a path is, for the callers: in each return
// that does not fail it is that result, or one field of a struct that is the result.
//
//	func free(dir string) string {
//		for i := 0; ; i++ {
//			path := filepath.Join(dir, strconv.Itoa(i))
//			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
//				return path // checks(result0)
//			}
//		}
//	}
//
// It is nil if some return has a different path, or if no other process can use it:
//
//	if quick { return filepath.Join(dir, "0") }
//	path := filepath.Join(dir, random.String(8))
func (p *packageOps) resultPath(fn *ssa.Function, path *fspath.Value) *fspath.Expr {
	if p.drawn(path) {
		return nil
	}
	results := fn.Signature.Results()
	for i := range results.Len() {
		t := results.At(i).Type()
		if isText(t) {
			if p.everyReturn(fn, i, func(v ssa.Value) bool { return p.file(fn, p.num.Of(v)) == path }) {
				return fspath.ResultOf(i)
			}
			if name := p.yieldedName(fn, i, path); name != nil && p.onlyLooks(fn, path) {
				return fspath.ExportWith(path, fn, name, fspath.ResultOf(i))
			}
			continue
		}
		owner, ok := structOf(t)
		if !ok {
			continue
		}
		for k := range owner.NumFields() {
			if !isText(owner.Field(k).Type()) {
				continue
			}
			if p.everyReturn(fn, i, func(v ssa.Value) bool {
				stored := storedField(v, k)
				return stored != nil && p.file(fn, p.num.Of(stored)) == path
			}) {
				return p.num.FieldOfResult(i, t, owner.Field(k).Name())
			}
		}
	}
	return nil
}

// onlyLooks reports whether fn does nothing to a path but look at it. What it makes there is
// its own affair:
//
//	os.MkdirAll(filepath.Join(os.TempDir(), name), 0o700)
//	return name
func (p *packageOps) onlyLooks(fn *ssa.Function, path *fspath.Value) bool {
	return !slices.ContainsFunc(p.funcs[fn].Ops, func(op *Op) bool { return op.Path == path && op.Effect != fsapi.Check })
}

// yieldedName returns the part of a path that result i of fn is in each return that does
// not fail: the caller joins it to the same directory. It is nil if there is none.
//
//	for n := 1; exists(filepath.Join(dir, name)); n++ { // checks(Join(0, result0))
//		name = fmt.Sprintf("%d-%s", n, base)
//	}
//	return name
func (p *packageOps) yieldedName(fn *ssa.Function, i int, path *fspath.Value) *fspath.Value {
	var name *fspath.Value
	for _, part := range path.Args {
		if part.Kind == fspath.Unique && p.everyReturn(fn, i, func(v ssa.Value) bool { return p.num.Of(v) == part }) {
			name = part
		}
	}
	return name
}

// Drawn reports whether a path has a part that is drawn by lot, so that two programs
// do not come upon one name. A call that a loop repeats with the same arguments is a
// draw, whatever it calls: it would be of no use otherwise.
//
//	for {
//		path := filepath.Join(dir, newName(8)) // drawn
//		path := filepath.Join(dir, newName(i)) // not drawn: it may count
//		if _, err := os.Stat(path); err != nil { return path }
//	}
func (r *Result) Drawn(path *fspath.Value) bool { return r.pkg.drawn(path) }

func (p *packageOps) drawn(path *fspath.Value) bool {
	if p.num.Foresee(path) == fspath.Hidden {
		return true
	}
	for _, leaf := range path.Leaves() {
		call, ok := leaf.Instr.(*ssa.Call)
		if !ok || call.Call.IsInvoke() || !repeated(call.Block()) {
			continue
		}
		if !slices.ContainsFunc(call.Call.Args, func(v ssa.Value) bool {
			_, isConst := v.(*ssa.Const)
			_, isParam := v.(*ssa.Parameter)
			return !isConst && !isParam
		}) {
			return true
		}
	}
	return false
}

// repeated reports whether a loop leads from the end of a block back to it.
func repeated(b *ssa.BasicBlock) bool {
	seen := make(map[*ssa.BasicBlock]bool)
	for work := slices.Clone(b.Succs); len(work) > 0; {
		next := work[len(work)-1]
		work = work[:len(work)-1]
		if next == b {
			return true
		}
		if !seen[next] {
			seen[next] = true
			work = append(work, next.Succs...)
		}
	}
	return false
}

// file returns what the spellings of a path in fn have in common.
func (p *packageOps) file(fn *ssa.Function, v *fspath.Value) *fspath.Value {
	return p.num.File(v, p.changesDir(fn))
}

// everyReturn reports whether result i is something in each return of fn that does
// not fail, and there is one.
func (p *packageOps) everyReturn(fn *ssa.Function, i int, is func(ssa.Value) bool) bool {
	found := false
	for _, ret := range returns(fn) {
		v, last := ret.Results[i], ret.Results[len(ret.Results)-1]
		fails := i < len(ret.Results)-1 && fate.IsError(last.Type()) && !isZero(last)
		if fails && (isZero(v) || isZeroStruct(v)) {
			continue // the result of a failure
		}
		if isZero(v) && isText(v.Type()) {
			continue // no path
		}
		if !is(v) {
			return false
		}
		found = true
	}
	return found
}

// structOf returns the struct that t is, or points to.
func structOf(t types.Type) (*types.Struct, bool) {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// composite returns the variable that a struct value was made in, or that a pointer
// to one points to, or nil.
func composite(v ssa.Value) *ssa.Alloc {
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	alloc, _ := v.(*ssa.Alloc)
	return alloc
}

// storedField returns the one value that is stored to field k of a struct that the
// function makes, or nil.
//
//	return found{file, path}, nil
func storedField(v ssa.Value, k int) ssa.Value {
	alloc := composite(v)
	if alloc == nil {
		return nil
	}
	var stored ssa.Value
	for _, ref := range *alloc.Referrers() {
		addr, ok := ref.(*ssa.FieldAddr)
		if !ok || addr.Field != k {
			continue
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == addr {
				if stored != nil {
					return nil
				}
				stored = store.Val
			}
		}
	}
	return stored
}

// isZeroStruct reports whether a struct value was made with no field set.
func isZeroStruct(v ssa.Value) bool {
	if c, ok := v.(*ssa.Const); ok {
		return c.Value == nil
	}
	alloc := composite(v)
	if alloc == nil {
		return false
	}
	for _, ref := range *alloc.Referrers() {
		switch ref.(type) {
		case *ssa.FieldAddr, *ssa.Store:
			return false
		}
	}
	return true
}

// handleResult returns which result of fn is an open file of path, for callers: its
// index plus one, and the field if that result is a struct; 0 for none.
func (p *packageOps) handleResult(fn *ssa.Function, path *fspath.Value) (index int, field string) {
	opened := func(v ssa.Value) bool { return p.num.Opened(p.num.Of(v)) == path }
	for _, ret := range returns(fn) {
		for i, v := range ret.Results {
			if opened(v) {
				return i + 1, ""
			}
			s, ok := structOf(v.Type())
			if !ok || composite(v) == nil {
				continue
			}
			for k := range s.NumFields() {
				if stored := storedField(v, k); stored != nil && opened(stored) {
					return i + 1, s.Field(k).Name()
				}
			}
		}
	}
	return 0, ""
}

// maxFields bounds how many fields of its results a summary describes.
const maxFields = 4

// derivedFields returns, by result, the paths in the fields of the structs that fn
// makes, in terms of its parameters.
//
//	func open(dir string) *store { return &store{index: filepath.Join(dir, "index")} }
func (p *packageOps) derivedFields(fn *ssa.Function) []Derived {
	var list []Derived
	results := fn.Signature.Results()
	for i := range results.Len() {
		s, ok := structOf(results.At(i).Type())
		if !ok {
			continue
		}
		for k := range s.NumFields() {
			if len(list) == maxFields {
				return list
			}
			if !isText(s.Field(k).Type()) {
				continue
			}
			var same *fspath.Value
			if p.everyReturn(fn, i, func(v ssa.Value) bool {
				stored := storedField(v, k)
				if stored == nil {
					return false
				}
				n := p.num.Of(stored)
				if same == nil {
					same = n
				}
				return n == same
			}) {
				if e := fspath.Export(same, fn); e != nil && e.Kind != fspath.Const {
					list = append(list, Derived{Index: i, Field: s.Field(k).Name(), Expr: e})
				}
			}
		}
	}
	return list
}
