package pathops

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/fspath"
)

// effectOfFlags returns what a call like os.OpenFile does by its flags, or
// ByFlags if the flags are not known well enough, and whether it refuses to follow a
// link.
func (p *packageOps) effectOfFlags(c *ssa.CallCommon, row *fsapi.Func) (effect fsapi.Effect, noFollow bool) {
	v := argument(c, row.Flags)
	if phi, ok := v.(*ssa.Phi); ok {
		return p.effectOfEither(c, phi), false
	}
	flags, whole := bits(v)
	return p.opening(c, flags, whole), flags&p.openFlag(c, "O_NOFOLLOW") != 0
}

// effectOfEither returns the effect of a call whose flags are selected earlier: the
// worst of the alternatives. The effect is unknown if one of them is exclusive, since
// that is how a program determines whether it may overwrite.
func (p *packageOps) effectOfEither(c *ssa.CallCommon, flags *ssa.Phi) fsapi.Effect {
	var worst fsapi.Effect
	for _, e := range flags.Edges {
		set, whole := bits(e)
		switch effect := p.opening(c, set, whole); {
		case effect == fsapi.CreateExclusive, effect == fsapi.ByFlags:
			return fsapi.ByFlags
		case worst == 0, effect == fsapi.Create:
			worst = effect
		case worst != effect && worst != fsapi.Create:
			return fsapi.ByFlags
		}
	}
	return worst
}

// handedFlags are flags of open(2) of which a function gets some from its caller:
//
//	func create(name string, more int) (*os.File, error) {
//		return os.OpenFile(name, more|os.O_CREATE, 0o600)
//	}
type handedFlags struct {
	in  int   // one more than the parameter with the flags, the receiver counted; 0 for none
	set int64 // the flags that the function adds
}

// flagsFrom returns the flags that v is made of, if they come from a parameter.
func flagsFrom(v ssa.Value) handedFlags {
	switch v := v.(type) {
	case *ssa.Parameter:
		return handedFlags{in: parameterIndex(v) + 1}
	case *ssa.Convert:
		return flagsFrom(v.X)
	case *ssa.BinOp:
		if v.Op != token.OR {
			break
		}
		from, other := flagsFrom(v.X), v.Y
		if from.in == 0 {
			from, other = flagsFrom(v.Y), v.X
		}
		if set, whole := bits(other); whole && from.in > 0 {
			return handedFlags{from.in, from.set | set}
		}
	}
	return handedFlags{}
}

// parameterIndex returns the index of a parameter, the receiver counted.
func parameterIndex(v *ssa.Parameter) int { return slices.Index(v.Parent().Params, v) }

// effectOfHanded returns the effect of a call that passes flags to its callee, and
// which flags of its own parameters it forwards.
func (p *packageOps) effectOfHanded(c *ssa.CallCommon, flags handedFlags) (effect fsapi.Effect, noFollow bool, on handedFlags) {
	args := fspath.Arguments(c)
	if flags.in > len(args) {
		return fsapi.ByFlags, false, on
	}
	v := args[flags.in-1]
	set, whole := bits(v)
	set |= flags.set
	if on = flagsFrom(v); on.in > 0 {
		on.set |= flags.set
	}
	return p.opening(c, set, whole), set&p.openFlag(c, "O_NOFOLLOW") != 0, on
}

func (p *packageOps) opening(c *ssa.CallCommon, flags int64, whole bool) fsapi.Effect {
	has := func(name string) bool { return flags&p.openFlag(c, name) != 0 }
	switch {
	case has("O_EXCL") && (has("O_CREATE") || !whole):
		return fsapi.CreateExclusive
	case !whole:
		return fsapi.ByFlags
	case has("O_CREATE") && has("O_TRUNC"):
		return fsapi.Create
	case has("O_CREATE"):
		return fsapi.CreateKeep
	case has("O_WRONLY"), has("O_RDWR"), has("O_APPEND"), has("O_TRUNC"):
		return fsapi.Write
	}
	return fsapi.Open
}

// bits returns the bits that are certainly set in v, and whether those are all.
func bits(v ssa.Value) (set int64, whole bool) {
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return 0, false
		}
		i, exact := constant.Int64Val(constant.ToInt(v.Value))
		return i, exact
	case *ssa.BinOp:
		if v.Op == token.OR || v.Op == token.ADD {
			x, wx := bits(v.X)
			y, wy := bits(v.Y)
			return x | y, wx && wy
		}
	case *ssa.Convert:
		return bits(v.X)
	}
	return 0, false
}

// openFlag returns the value of a flag of open(2) on the system that the code
// is compiled for, under either of its two spellings.
func (p *packageOps) openFlag(c *ssa.CallCommon, name string) int64 {
	var from []*types.Package
	if fn := fspath.Callee(c); fn != nil && fn.Pkg() != nil {
		from = append(from, fn.Pkg())
	}
	from = append(from, p.pass.Pkg.Imports()...)
	flag := linuxFlags[name]
	p.env.Look(func() {
		if k := declaredFlag(from, name); k != nil {
			flag, _ = constant.Int64Val(k.Val())
		}
	})
	return flag
}

// declaredFlag returns the constant of such a flag from one of the packages or of
// those that they import, or nil.
func declaredFlag(packages []*types.Package, name string) *types.Const {
	for _, pkg := range withImports(packages) {
		switch pkg.Path() {
		case "os", "syscall", "golang.org/x/sys/unix":
		default:
			continue
		}
		names := []string{name}
		if name == "O_CREATE" {
			names = append(names, "O_CREAT")
		}
		for _, n := range names {
			if k, ok := pkg.Scope().Lookup(n).(*types.Const); ok {
				return k
			}
		}
	}
	return nil
}

// withImports adds what packages import: os does not declare all flags.
func withImports(packages []*types.Package) []*types.Package {
	all := slices.Clone(packages)
	for _, pkg := range packages {
		all = append(all, pkg.Imports()...)
	}
	return all
}

// linuxFlags serve a package that imports none of those that declare them.
var linuxFlags = map[string]int64{
	"O_WRONLY": 0x1,
	"O_RDWR":   0x2,
	"O_CREATE": 0x40,
	"O_EXCL":   0x80,
	"O_TRUNC":  0x200,
	"O_APPEND": 0x400,

	"O_NOFOLLOW": 0x20000,
}
