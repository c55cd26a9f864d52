package fspath

import (
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// Numbering numbers the values of the functions of one package.
type Numbering struct {
	// Result returns what result i of a call is in terms of its arguments, as
	// far as a summary of the callee describes it, or nil.
	Result func(c *ssa.CallCommon, i int) *Expr
	// ResultField is the same for a field of a struct that is result i.
	ResultField func(c *ssa.CallCommon, i int, field string) *Expr
	// From returns where the paths come from that a call returns, as far as the
	// summary of the callee says.
	From func(*ssa.CallCommon) Origins
	// Over is called for a function in which some values are taken to differ though
	// they may not, since there are too many, or too large ones. It may be nil.
	Over func(*ssa.Function)

	table  *fsapi.Table
	rows   sync.Map // of *types.Func, what the table knows of it: a full name is long in the making
	values map[string]*Value
	memo   map[ssa.Value]*Value
	busy   map[ssa.Value]bool
	// The blocks that this build can reach, computed on demand.
	reached map[*ssa.Function]map[*ssa.BasicBlock]bool
	opened  map[*Value]*Value // the path that a handle was opened from
	files   map[fileOf]*Value // what File has returned
	names   typeNames
	mem     *memory
	cycles  int // how often the number of a value was requested while it was being computed
}

// NewNumbering returns a numbering for functions, which must be all of a
// package, function literals included. What they call is known by the table.
func NewNumbering(functions []*ssa.Function, table *fsapi.Table) *Numbering {
	n := &Numbering{
		table:   table,
		values:  make(map[string]*Value),
		memo:    make(map[ssa.Value]*Value),
		busy:    make(map[ssa.Value]bool),
		reached: make(map[*ssa.Function]map[*ssa.BasicBlock]bool),
		opened:  make(map[*Value]*Value),
		files:   make(map[fileOf]*Value),
		names:   make(typeNames),
	}
	n.mem = newMemory(n, functions)
	return n
}

// SetOpened records that handle was opened from path, so that handle.Name()
// is that path.
func (n *Numbering) SetOpened(handle, path *Value) { n.opened[handle] = path }

// NameOf returns the path that a handle was opened from, as its Name method
// does.
func (n *Numbering) NameOf(handle ssa.Value) *Value {
	h := n.Of(handle)
	if p := n.opened[h]; p != nil {
		return p
	}
	return n.pure(nameOf, h)
}

// Opened returns the path that handle was opened from, or nil.
func (n *Numbering) Opened(handle *Value) *Value { return n.opened[handle] }

// maxParts bounds what a value is known to be computed from. A path that is put
// together of more is the same only as itself: each step that adds a part would
// copy and compare all of them.
const maxParts = 1024

// Of returns the number of v.
func (n *Numbering) Of(v ssa.Value) *Value {
	if val, ok := n.memo[v]; ok {
		return val
	}
	if n.busy[v] {
		n.cycles++
		return n.unique(v) // a cycle through a loop's phi: the phi is new in each round
	}
	n.busy[v] = true
	val := n.number(v)
	if val.size > maxParts {
		val = n.unique(v)
		if n.Over != nil {
			n.Over(v.Parent())
		}
	}
	delete(n.busy, v)
	n.memo[v] = val
	return val
}

// Forget drops all numbers, so that results of calls are looked up again.
func (n *Numbering) Forget() {
	clear(n.memo)
	clear(n.files)
	n.mem.forget()
}

func (n *Numbering) number(v ssa.Value) *Value {
	switch v := v.(type) {
	case *ssa.Const:
		return n.constant(v)
	case *ssa.Parameter:
		return n.intern(&Value{Kind: Param, Src: v})
	case *ssa.FreeVar:
		if b := binding(v); b != nil {
			return n.Of(b)
		}
	case *ssa.Phi:
		if same := n.agreeing(v); same != nil {
			return same
		}
	case *ssa.ChangeType:
		return n.Of(v.X)
	case *ssa.ChangeInterface:
		return n.Of(v.X)
	case *ssa.MakeInterface:
		return n.Of(v.X)
	case *ssa.Convert:
		if isString(v.Type()) || isString(v.X.Type()) {
			return n.pure(convert, n.Of(v.X))
		}
		if n.isDescriptor(v.X) {
			return n.Of(v.X)
		}
	case *ssa.BinOp:
		if v.Op == token.ADD && isString(v.Type()) {
			return n.concat(n.Of(v.X), n.Of(v.Y))
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return n.read(n.place(v.X), v)
		}
	case *ssa.FieldAddr:
		return n.object(v)
	case *ssa.Field:
		return n.fieldOf(n.Of(v.X), fieldName(v.X.Type(), v.Field), n.names.owner(v.X.Type()))
	case *ssa.Slice:
		if v.Low == nil && v.High == nil && v.Max == nil {
			return n.Of(v.X)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			if res := n.result(call, v.Index); res != nil {
				return res.knownBy(v)
			}
		}
	case *ssa.Call:
		if res := n.result(v, 0); res != nil {
			return res.knownBy(v)
		}
	}
	return n.unique(v)
}

// agreeing returns the one number of all of the phi's inputs, or nil.
func (n *Numbering) agreeing(phi *ssa.Phi) *Value {
	var same *Value
	for _, e := range n.inputs(phi) {
		if e == phi {
			continue
		}
		val := n.Of(e)
		if same != nil && val != same {
			return nil
		}
		same = val
	}
	return same
}

// result returns the number of result i of a call whose callee is pure, known
// by a summary, or is the name of a handle; else nil.
func (n *Numbering) result(call *ssa.Call, i int) *Value {
	common := call.Common()
	fn := Callee(common)
	if fn == nil {
		return nil
	}
	if row := n.RowOf(fn); row != nil {
		switch {
		case i != 0:
			return nil
		case row.Gives == fsapi.Name:
			return n.NameOf(Arguments(common)[0])
		case row.Has(fsapi.Descriptor):
			return n.Of(Arguments(common)[0])
		case repeats(row):
			if args, ok := n.expand(common); ok {
				return n.apply(fn.FullName(), args)
			}
		}
		return nil
	}
	if n.Result == nil {
		return nil
	}
	if res := n.Result(common, i); res != nil {
		return n.Instantiate(res, common, call)
	}
	return nil
}

// isDescriptor reports whether v is the descriptor of a file, which has the number of
// the file: a name that is looked up beneath the one is beneath the other.
//
//	syscall.Mkdirat(int(dir.Fd()), name, 0o700)
func (n *Numbering) isDescriptor(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	return ok && n.Row(call).Has(fsapi.Descriptor)
}

// apply is a pure function of args, in a normal form: nested joins are one,
// and constants next to each other are joined.
func (n *Numbering) apply(name string, args []*Value) *Value {
	switch name {
	case "path/filepath.Join", "path.Join":
		return n.join(name, args)
	case "path/filepath.Clean", "path.Clean":
		// The result of Join is clean already, unless all that it joins is empty: then
		// it returns the empty string, and Clean of that is the working directory.
		if a := args[0]; a.Kind == Pure && strings.HasSuffix(a.Name, ".Join") && slices.ContainsFunc(a.Args, neverEmpty) {
			return a
		}
	case "path/filepath.FromSlash", "path/filepath.ToSlash":
		if text, ok := args[0].Text(); ok && !strings.ContainsAny(text, `/\`) {
			return args[0]
		}
	}
	return n.pure(name, args...)
}

// join is a join of args in its normal form. One that is itself joined behind
// something has swallowed what would lead out of it, if it began at the root. So it is
// taken apart only if it does not begin there.
//
//	Join(a, Join("b", c))    // Join(a, "b", c)
//	Join(a, "b", "c")        // Join(a, "b/c")
//	Join(a, Join("/", "..")) // as it is: a, where Join(a, "/", "..") is the directory of a
func (n *Numbering) join(name string, args []*Value) *Value {
	var flat []*Value
	for _, a := range args {
		switch text, ok := a.Text(); {
		case a.Kind == Pure && a.Name == name && (len(flat) == 0 || staysBelow(a)):
			flat = append(flat, a.Args...)
		case !ok || text != "":
			flat = append(flat, a)
		}
	}
	merged := flat[:0:0]
	for _, a := range flat {
		text, ok := a.Text()
		if last := len(merged) - 1; ok && last >= 0 {
			if before, ok := merged[last].Text(); ok && (last == 0 || !strings.HasPrefix(before, "/")) {
				merged[last] = n.text(path.Join(before, text))
				continue
			}
		}
		merged = append(merged, a)
	}
	return n.pure(name, merged...)
}

// neverEmpty reports whether a part of a path is more than the empty string in
// every run.
func neverEmpty(v *Value) bool {
	text, ok := v.Text()
	switch {
	case ok:
		return text != ""
	case v.Kind != Pure:
		return false
	}
	switch v.Name {
	case "path/filepath.Clean", "path.Clean", "path/filepath.Dir", "path.Dir", "path/filepath.Base", "path.Base":
		return true
	case concat, "path/filepath.Join", "path.Join":
		return slices.ContainsFunc(v.Args, neverEmpty)
	}
	return false
}

// staysBelow reports whether a join begins with a constant that is not the root,
// or is of nothing.
func staysBelow(join *Value) bool {
	if len(join.Args) == 0 {
		return true
	}
	text, ok := join.Args[0].Text()
	return ok && !strings.HasPrefix(text, "/")
}

func (n *Numbering) concat(a, b *Value) *Value {
	var flat []*Value
	for _, v := range []*Value{a, b} {
		if v.Kind == Pure && v.Name == concat {
			flat = append(flat, v.Args...)
		} else {
			flat = append(flat, v)
		}
	}
	merged := flat[:0:0]
	for _, v := range flat {
		text, ok := v.Text()
		if ok && text == "" && len(flat) > 1 {
			continue
		}
		if last := len(merged) - 1; ok && last >= 0 {
			if before, ok := merged[last].Text(); ok {
				merged[last] = n.text(before + text)
				continue
			}
		}
		merged = append(merged, v)
	}
	if len(merged) == 1 {
		return merged[0]
	}
	return n.pure(concat, merged...)
}

// expand numbers the arguments of a call, those of a variadic parameter one by
// one. It fails if the slice for a variadic parameter is built elsewhere.
func (n *Numbering) expand(c *ssa.CallCommon) ([]*Value, bool) {
	operands := Operands(c)
	if last := len(operands) - 1; last >= 0 && c.Signature().Variadic() {
		if _, isSlice := operands[last].Type().Underlying().(*types.Slice); isSlice {
			return nil, false
		}
	}
	vals := make([]*Value, len(operands))
	for i, v := range operands {
		vals[i] = n.Of(v)
	}
	return vals, true
}

// Elements returns the elements of a slice that was made for the variadic
// parameter of one call.
func Elements(v ssa.Value) ([]ssa.Value, bool) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return nil, true
	}
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return nil, false
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return nil, false
	}
	typ, ok := array.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok {
		return nil, false
	}
	elems := make([]ssa.Value, typ.Len())
	for _, ref := range *array.Referrers() {
		addr, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := addr.Index.(*ssa.Const)
		if !ok {
			return nil, false
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == addr {
				elems[index.Int64()] = store.Val
			}
		}
	}
	for _, e := range elems {
		if e == nil {
			return nil, false
		}
	}
	return elems, true
}

// binding returns the value that the function literal of a free variable was
// made with, if it is made in one place.
func binding(v *ssa.FreeVar) ssa.Value {
	fn := v.Parent()
	refs := fn.Referrers()
	if refs == nil {
		return nil
	}
	var found ssa.Value
	for _, ref := range *refs {
		mk, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		if found != nil {
			return nil
		}
		for i, fv := range fn.FreeVars {
			if fv == v {
				found = mk.Bindings[i]
			}
		}
	}
	return found
}

func (n *Numbering) constant(c *ssa.Const) *Value {
	if c.Value == nil {
		return n.intern(&Value{Kind: Const, Name: "nil"})
	}
	if c.Value.Kind() == constant.String {
		return n.text(constant.StringVal(c.Value))
	}
	return n.intern(&Value{Kind: Const, Name: c.Value.ExactString()})
}

func (n *Numbering) text(s string) *Value { return n.intern(&Value{Kind: Const, Name: s}) }

func (n *Numbering) pure(name string, args ...*Value) *Value {
	return n.intern(&Value{Kind: Pure, Name: name, Args: args})
}

func (n *Numbering) unique(v ssa.Value) *Value {
	return n.intern(&Value{Kind: Unique, Src: v})
}

func (n *Numbering) field(base *Value, name, owner string, ver version) *Value {
	return n.intern(&Value{Kind: Field, Name: name, Owner: owner, Args: []*Value{base}, ver: ver})
}

// fieldOf returns the number of a field of the struct base, a value: if base
// was read through a pointer, that is the field that the pointer leads to.
func (n *Numbering) fieldOf(base *Value, name, owner string) *Value {
	if base.Kind == Field && base.Name == target {
		return n.field(base.Args[0], name, owner, base.ver)
	}
	if v := n.yieldedField(base, name, version{}); v != nil {
		return v
	}
	return n.field(base, name, owner, version{})
}

// intern returns the one value that equals v.
func (n *Numbering) intern(v *Value) *Value {
	key := n.key(v)
	if have, ok := n.values[key]; ok {
		return have
	}
	v.id = len(n.values) + 1
	for _, a := range v.Args {
		v.size += a.size
	}
	v.size = max(v.size, 1)
	n.values[key] = v
	return v
}

func (n *Numbering) key(v *Value) string {
	b := strconv.AppendInt(nil, int64(v.Kind), 10)
	b = append(b, '|')
	if v.Src != nil && v.Kind != Chosen {
		b = strconv.AppendInt(b, int64(n.mem.id(v.Src)), 10)
	}
	b = append(b, '|')
	for _, a := range v.Args {
		b = strconv.AppendInt(b, int64(a.id), 10)
		b = append(b, ',')
	}
	b = append(b, '|')
	b = strconv.AppendInt(b, int64(n.mem.versionID(v.ver)), 10)
	b = append(b, '|')
	return string(b) + v.Name
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// fieldName returns the name of field i of a struct, or of what it points to.
func fieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		return s.Field(i).Name()
	}
	return strconv.Itoa(i)
}
