package rewrite

import (
	"go/ast"
	"slices"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// CallHelper has a call name a function of the helper, with the same arguments:
//
//	os.WriteFile(p, data, 0o600) // atomicfix.WriteFile(p, data, 0o600)
//
// It also returns how the function is named.
func (s *Site) CallHelper(c *Call, function string) (*Plan, string, fix.Refusal) {
	if s.Helper == "" {
		return nil, "", NoHelper
	}
	p := s.plan()
	name := p.ReplaceFunc(c, s.Helper, function)
	p.keepsOld(c, created(c))
	p, why := p.done()
	return p, name, why
}

// created returns the argument of a call that names what it creates: the second one of a
// rename.
func created(c *Call) ast.Expr {
	if c.Name == "os.Rename" {
		return c.Args[1]
	}
	return c.Args[0]
}

// MovesFile reports whether what the finding's use, a rename, moves is a file that the
// function has created:
//
//	os.WriteFile(tmp, data, 0o600)
//	os.Rename(tmp, p)
//
// What it has not created may be a directory.
func (s *Site) MovesFile() bool {
	f := s.funcOf(s.Finding.Fn)
	if f == nil {
		return false
	}
	for _, move := range f.At(s.Finding.Use.Call) {
		creates := func(op *pathops.Op) bool { return op.Path == move.Path && createsFile(op) }
		if move.Effect == fsapi.Move && slices.ContainsFunc(f.Ops, creates) {
			return true
		}
	}
	return false
}

func createsFile(op *pathops.Op) bool {
	switch op.Effect {
	case fsapi.Create, fsapi.CreateKeep, fsapi.CreateExclusive, fsapi.CreateAtomic:
		return true
	}
	return op.Row.Gives == fsapi.NewFile
}
