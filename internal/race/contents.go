package race

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fate"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// contents is what one function holds of what was read from a file: the values
// that depend on it by data. What merely decides a branch does not count, so a
// comparison of the old text with the new one is no update.
type contents struct {
	num     *fspath.Numbering
	f       *pathops.Func
	values  map[ssa.Value]bool
	raw     map[ssa.Value]bool     // the very bytes that were read
	objects map[*fspath.Value]bool // pointers to what has been filled
	fields  map[field]bool         // fields that have been filled
	parts   map[*fspath.Value]bool // objects with such a field
	changed bool
}

// field is a field of an object.
type field struct {
	base  *fspath.Value
	index int
}

func newContents(num *fspath.Numbering, f *pathops.Func) *contents {
	return &contents{
		num:     num,
		f:       f,
		values:  make(map[ssa.Value]bool),
		raw:     make(map[ssa.Value]bool),
		objects: make(map[*fspath.Value]bool),
		fields:  make(map[field]bool),
		parts:   make(map[*fspath.Value]bool),
	}
}

// mark notes that v holds some of the contents. Errors and answers to
// questions are none.
func (c *contents) mark(v ssa.Value) {
	if c.values[v] || !carries(v.Type()) {
		return
	}
	c.values[v] = true
	c.changed = true
	if pointer(v) {
		c.objects[c.num.Of(v)] = true
	}
}

// carries reports whether values of a type can hold contents.
func carries(t types.Type) bool {
	if fate.IsError(t) || t.String() == "context.Context" {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return !ok || b.Info()&types.IsBoolean == 0
}

// pointer reports whether what v points to can be filled by a call that is
// given v.
func pointer(v ssa.Value) bool {
	switch v.Type().Underlying().(type) {
	case *types.Pointer, *types.Map:
		return true
	}
	return false
}

// holds reports whether v holds some of the contents, itself or in a field.
func (c *contents) holds(v ssa.Value) bool {
	if c.has(v) {
		return true
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return c.holds(v.X)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return carries(v.Type()) && c.parts[c.num.Of(v.X)] // a struct, of which a field is filled
		}
	}
	return pointer(v) && c.parts[c.num.Of(v)]
}

// decide reports whether a condition is computed from the contents: by a comparison, or by
// a function that gets some of them.
//
//	token.Expiry.Before(time.Now())
//	err := json.Unmarshal(data, &token); err != nil
//
//	data, err := os.ReadFile(path); err != nil // not by the contents
func (c *contents) decide(cond ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[cond] {
		return false
	}
	seen[cond] = true
	if c.holds(cond) {
		return true
	}
	switch v := cond.(type) {
	case *ssa.UnOp:
		return v.Op != token.ARROW && c.decide(v.X, seen)
	case *ssa.BinOp:
		return c.decide(v.X, seen) || c.decide(v.Y, seen)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return c.decide(e, seen) })
	case *ssa.Extract:
		return c.decide(v.Tuple, seen)
	case *ssa.Call:
		return slices.ContainsFunc(fspath.Operands(v.Common()), c.holds)
	}
	return false
}

func (c *contents) has(v ssa.Value) bool {
	return c.values[v] || pointer(v) && c.objects[c.num.Of(v)]
}

// through notes what a call leaves with its caller, if inner is what its callee
// holds.
func (c *contents) through(call *ssa.Call, inner *contents) {
	results := resultsOf(call)
	for _, b := range inner.f.Fn.Blocks {
		if len(b.Instrs) == 0 {
			continue
		}
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for i, v := range ret.Results {
			if results[i] != nil && inner.holds(v) {
				c.mark(results[i])
				if inner.raw[v] {
					c.raw[results[i]] = true
				}
			}
		}
	}
	args := fspath.Arguments(call.Common())
	for i, param := range inner.f.Fn.Params {
		if i < len(args) && inner.holds(param) {
			c.fillArgument(args[i])
		}
	}
}

// fill records that a call returns some of the contents: in its results, and in the
// objects that its pointer arguments refer to.
func (c *contents) fill(call *ssa.Call, reads bool) {
	row := c.num.Row(call)
	for _, v := range resultsOf(call) {
		if v == nil {
			continue
		}
		c.mark(v)
		if reads && row != nil && row.Gives == fsapi.Contents {
			c.raw[v] = true
		}
	}
	for _, v := range fspath.Arguments(call.Common()) {
		c.fillArgument(v)
	}
}

// fillArgument notes that what an argument points to is filled.
func (c *contents) fillArgument(v ssa.Value) {
	if mk, ok := v.(*ssa.MakeInterface); ok {
		v = mk.X
	}
	if !pointer(v) {
		return
	}
	c.mark(v)
	c.fillPlace(v)
}

// fillPlace notes that what an address leads to is filled.
func (c *contents) fillPlace(addr ssa.Value) {
	switch a := addr.(type) {
	case *ssa.Alloc, *ssa.Global:
		c.mark(a)
	case *ssa.IndexAddr:
		c.mark(a.X)
		if load, ok := a.X.(*ssa.UnOp); ok {
			c.fillPlace(load.X)
		}
	case *ssa.FieldAddr:
		at := field{c.num.Of(a.X), a.Field}
		if !c.fields[at] {
			c.fields[at], c.changed = true, true
		}
		for base := ssa.Value(a); ; {
			f, ok := base.(*ssa.FieldAddr)
			if !ok {
				break
			}
			base = f.X
			c.parts[c.num.Of(base)] = true
		}
	}
}

// spread follows the contents through the function until nothing more holds
// any.
func (c *contents) spread() {
	for c.changed {
		c.changed = false
		for _, b := range c.f.Fn.Blocks {
			for _, instr := range b.Instrs {
				c.step(instr)
			}
		}
	}
}

// step follows the contents through one instruction.
func (c *contents) step(instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.Call:
		c.call(instr)
	case *ssa.Store:
		if c.holds(instr.Val) {
			c.fillPlace(instr.Addr)
		}
	case *ssa.MapUpdate:
		if c.holds(instr.Value) || c.holds(instr.Key) {
			c.fillArgument(instr.Map)
			if load, ok := instr.Map.(*ssa.UnOp); ok {
				c.fillPlace(load.X)
			}
		}
	case *ssa.FieldAddr:
		if c.has(instr.X) || c.fields[field{c.num.Of(instr.X), instr.Field}] {
			c.mark(instr)
		}
	case *ssa.BinOp:
		if c.holds(instr.X) || c.holds(instr.Y) {
			c.mark(instr)
		}
	case *ssa.Lookup:
		if c.holds(instr.X) {
			c.mark(instr)
		}
	case *ssa.IndexAddr:
		if c.has(instr.X) {
			c.mark(instr)
		}
	case *ssa.Extract:
		if _, ok := instr.Tuple.(*ssa.Call); !ok && c.has(instr.Tuple) {
			c.mark(instr)
		}
	case ssa.Value:
		for _, op := range instr.(ssa.Instruction).Operands(nil) {
			if *op != nil && c.holds(*op) {
				c.mark(instr)
				if conv, ok := instr.(*ssa.ChangeType); ok && c.raw[conv.X] {
					c.raw[instr] = true
				}
			}
		}
	}
}

// call follows the contents through a call that does not read them itself.
func (c *contents) call(call *ssa.Call) {
	held := false
	for _, v := range fspath.Operands(call.Common()) {
		held = held || c.holds(v)
	}
	if !held {
		return
	}
	if builtin, ok := call.Call.Value.(*ssa.Builtin); ok {
		switch builtin.Name() {
		case "append":
			c.mark(call)
		case "copy":
			c.mark(call.Call.Args[0])
		}
		return
	}
	c.fill(call, false)
	if args := fspath.Arguments(call.Common()); len(args) > 0 && c.num.Row(call).Has(fsapi.Encodes) {
		c.fillWriter(args[0])
	}
}

// fillWriter notes that what an encoder writes to is filled.
//
//	var buf bytes.Buffer
//	err := gob.NewEncoder(&buf).Encode(v)
func (c *contents) fillWriter(encoder ssa.Value) {
	if made, ok := encoder.(*ssa.Call); ok {
		for _, w := range fspath.Arguments(made.Common()) {
			c.fillArgument(w)
		}
	}
}

// writtenTo reports whether some of the contents goes to a file, by its own
// methods or by what is made to write to it.
func (c *contents) writtenTo(h ssa.Value) bool {
	writers := map[ssa.Value]bool{}
	work := []ssa.Value{h}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		if writers[v] || v.Referrers() == nil {
			continue
		}
		writers[v] = true
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.Phi:
				work = append(work, ref.(ssa.Value))
			case *ssa.Call:
				for _, arg := range fspath.Operands(ref.Common()) {
					if arg != v && !writers[arg] && c.holds(arg) {
						return true
					}
				}
				if r := firstResult(ref); r != nil && makesWriter(r) {
					work = append(work, r)
				}
			}
		}
	}
	return false
}

// makesWriter reports whether the result of a call with a file argument may write to
// that file: an encoder, a buffer.
func makesWriter(v ssa.Value) bool {
	switch v.Type().Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Interface:
		return !fate.IsError(v.Type())
	}
	return false
}

// kept returns where a function stores contents for other functions: fields and variables, each
// a *types.Var or *ssa.Global, and the types of the objects that it received and has
// filled as a whole, each a *types.Named.
func (c *contents) kept() map[any]bool {
	holds := make(map[any]bool)
	for _, p := range c.f.Fn.Params {
		if t := namedPointer(p.Type()); t != nil && c.has(p) {
			holds[t] = true
		}
	}
	for v := range c.values {
		if g, ok := v.(*ssa.Global); ok {
			holds[g] = true
		}
	}
	c.eachField(func(addr *ssa.FieldAddr) {
		if c.fields[field{c.num.Of(addr.X), addr.Field}] && !isFresh(addr.X) {
			holds[structField(addr)] = true
		}
	})
	return holds
}

// take notes that the function finds contents where another one has left them.
func (c *contents) take(holds map[any]bool) {
	for _, p := range c.f.Fn.Params {
		if t := namedPointer(p.Type()); t != nil && holds[t] {
			c.mark(p)
		}
	}
	for of := range holds {
		if g, ok := of.(*ssa.Global); ok {
			c.mark(g)
		}
	}
	c.eachField(func(addr *ssa.FieldAddr) {
		if holds[structField(addr)] && !isFresh(addr.X) {
			c.fillPlace(addr)
		}
	})
}

// eachField calls visit for each address of a field that the function computes.
func (c *contents) eachField(visit func(*ssa.FieldAddr)) {
	for _, b := range c.f.Fn.Blocks {
		for _, instr := range b.Instrs {
			if addr, ok := instr.(*ssa.FieldAddr); ok {
				visit(addr)
			}
		}
	}
}

// namedPointer returns the type that a pointer to a named one points to, or nil.
func namedPointer(t types.Type) *types.Named {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	named, _ := p.Elem().(*types.Named)
	return named
}
