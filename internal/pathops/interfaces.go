package pathops

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
)

// ofInterface returns what is known of a method of an interface.
func (p *packageOps) ofInterface(c *ssa.CallCommon) *Summary {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	list := p.implementations(iface, c.Method)
	if !p.closed(c.Method) {
		return joinEqual(list)
	}
	if s := joinAll(list); s != nil {
		return s
	}
	return p.fromInterface(c.Method)
}

// closed reports whether an interface is one of the module, so that its
// implementations are, too, for the most part. Anything may be behind an io.Writer.
func (p *packageOps) closed(m *types.Func) bool {
	return m.Pkg() == p.pass.Pkg || m.Pkg() != nil && within(m.Pkg().Path(), p.module())
}

// fromInterface returns what the package that declares an interface knows of its
// method, or nil.
func (p *packageOps) fromInterface(m *types.Func) *Summary {
	m = m.Origin()
	if m.Pkg() == p.pass.Pkg || !p.closed(m) {
		return nil
	}
	return p.summary(nil, m)
}

// implementations returns the summaries of the methods of this package that a call
// through an interface can reach.
func (p *packageOps) implementations(iface *types.Interface, m *types.Func) []*Summary {
	var list []*Summary
	for _, fn := range p.methods[m.Name()] {
		recv := fn.Signature.Recv().Type()
		if types.Implements(recv, iface) || types.Implements(types.NewPointer(recv), iface) {
			list = append(list, p.summaries[fn])
		}
	}
	return list
}

// joinAll returns what holds for all implementations of a method that reach the
// operating system, or nil if those do not agree. One that keeps its files in memory
// has no say in what becomes of a file.
//
//	func (disk) Remove(name string) error     { return os.Remove(name) }
//	func (m memory) Remove(name string) error { delete(m, name); return nil }
func joinAll(list []*Summary) *Summary {
	if slices.Contains(list, nil) {
		return nil
	}
	reaches := func(s *Summary) bool { return len(s.Paths) > 0 }
	reaching := slices.DeleteFunc(slices.Clone(list), func(s *Summary) bool { return !reaches(s) })
	if len(reaching) == 0 {
		reaching = list
	}
	joined := joinEqual(reaching)
	if joined != nil && len(reaching) < len(list) {
		joined = &Summary{Paths: joined.Paths, From: joined.From} // the rest is for all of them to say
	}
	return joined
}

// joinEqual returns what holds for all implementations of a method, or nil if they
// do not agree.
func joinEqual(list []*Summary) *Summary {
	var joined *Summary
	for _, s := range list {
		switch {
		case s == nil:
			return nil
		case joined == nil:
			joined = s
		default:
			if joined = joined.join(s); joined == nil {
				return nil
			}
		}
	}
	return joined
}

// effectThroughInterface returns what a method of an interface that looks like a
// file system does to the path in argument arg: what its name says, unless each of
// its implementations that writes there replaces the file as a whole.
//
//	func (disk) WriteFile(name string, data []byte, perm fs.FileMode) error {
//		return renameio.WriteFile(name, data, perm)
//	}
func (p *packageOps) effectThroughInterface(c *ssa.CallCommon, arg int, effect fsapi.Effect) fsapi.Effect {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok || effect != fsapi.Create {
		return effect
	}
	list := p.implementations(iface, c.Method)
	if s := p.fromInterface(c.Method); s != nil {
		list = append(list, s)
	}
	replaces := false
	for _, s := range list {
		if s == nil {
			continue
		}
		switch s.writesAt(arg + 1) {
		case fsapi.Create:
			return effect
		case fsapi.CreateAtomic:
			replaces = true
		}
	}
	if replaces {
		return fsapi.CreateAtomic
	}
	return effect
}

// writesAt returns how a function brings content into the file that a parameter
// names: in place (Create), as a whole (CreateAtomic), or not at all (0).
func (s *Summary) writesAt(param int) fsapi.Effect {
	var how fsapi.Effect
	for _, ps := range s.Paths {
		if !ps.Path.HasParamAt(param) {
			continue
		}
		for _, o := range ps.Ops {
			switch o.Effect {
			case fsapi.Create, fsapi.CreateKeep, fsapi.Write, fsapi.ByFlags:
				return fsapi.Create
			case fsapi.CreateAtomic, fsapi.Replace:
				how = fsapi.CreateAtomic
			}
		}
	}
	return how
}

// exportInterfaces exports facts about the methods of the interfaces that this package
// declares, computed from its implementations of them.
func (p *packageOps) exportInterfaces() {
	for _, name := range p.pass.Pkg.Scope().Names() {
		tn, ok := p.pass.Pkg.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		iface, ok := tn.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Pkg() != p.pass.Pkg || !p.callable(m) || len(p.methods[m.Name()]) == 0 {
				continue
			}
			if s := joinAll(p.implementations(iface, m)); p.isOfUse(s, m) {
				p.pass.ExportObjectFact(m, s.fact())
			}
		}
	}
}
