package rewrite

import (
	"go/ast"
	"go/format"
	"go/token"
	"strings"

	"github.com/edcacfbd/toctou/internal/fix"
)

// notTruncating is why the flags of an open cannot be changed.
const notTruncating fix.Refusal = "the flags of the open are not a list of constants of package os that includes O_TRUNC"

// OpenExclusively has a call create a file only where none is:
//
//	os.Create(p)                                // os.OpenFile(p, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
//	os.OpenFile(p, os.O_CREATE|os.O_TRUNC, 0o600) // os.O_CREATE|os.O_EXCL
//
// There is no plan for flags that are in a variable.
func (s *Site) OpenExclusively(c *Call) (*Plan, fix.Refusal) {
	p := s.plan()
	p.keepsOld(c, c.Args[0])
	if c.Name == "os.Create" {
		p.openFile(c, "O_RDWR", "O_CREATE", "O_EXCL")
		return p.done()
	}
	flag := s.truncates(c)
	if flag == nil {
		return nil, notTruncating
	}
	p.Replace(flag, p.Use("os", "O_EXCL", c.Pos()))
	return p.done()
}

// OpenKeeping has a call that makes an empty file, or truncates what is there, keep
// what is there:
//
//	os.Create(p)                                // os.OpenFile(p, os.O_RDWR|os.O_CREATE, 0o666)
//	os.OpenFile(p, os.O_CREATE|os.O_TRUNC, 0o600) // os.O_CREATE
func (s *Site) OpenKeeping(c *Call) (*Plan, fix.Refusal) {
	p := s.plan()
	if c.Name == "os.Create" {
		p.openFile(c, "O_RDWR", "O_CREATE")
		return p.done()
	}
	flag := s.truncates(c)
	if flag == nil || !p.dropOperand(c.Args[1], flag) {
		return nil, notTruncating
	}
	return p.done()
}

// openFile makes os.OpenFile of a call of os.Create, with the flags.
func (p *Plan) openFile(c *Call, flags ...string) {
	p.ReplaceFunc(c, "os", "OpenFile")
	p.AppendArgs(c, p.flags(c, flags...)+", 0o666")
}

// flags returns a disjunction of constants of os.
func (p *Plan) flags(c *Call, flags ...string) string {
	names := make([]string, len(flags))
	for i, flag := range flags {
		names[i] = p.Use("os", flag, c.Pos())
	}
	return strings.Join(names, "|")
}

// AppendArgs gives a call of one argument more of them. An operation among
// several arguments is written without spaces.
func (p *Plan) AppendArgs(c *Call, text string) {
	const before, after = "package p\n\nvar _ = f(", ", x)\n"
	only := c.Args[0]
	formatted, err := format.Source([]byte(before + p.Text(only) + after))
	if err != nil {
		p.Fail("the argument of the call cannot be formatted")
		return
	}
	alone := strings.TrimSuffix(strings.TrimPrefix(string(formatted), before), after)
	if alone == p.Text(only) {
		p.Insert(only.End(), ", "+text)
		return
	}
	p.Replace(only, alone+", "+text)
}

// truncates returns the os.O_TRUNC among the flags of os.OpenFile, or nil.
func (s *Site) truncates(c *Call) ast.Expr {
	if c.Name != "os.OpenFile" {
		return nil
	}
	return s.flag(c.Args[1], "O_TRUNC")
}

// flag returns the operand of a disjunction that is a constant of os, or nil.
//
//	os.O_WRONLY|os.O_CREATE|os.O_TRUNC // each of the three
//	flags|os.O_TRUNC                   // this one; flags may have any
func (s *Site) flag(flags ast.Expr, name string) ast.Expr {
	switch x := ast.Unparen(flags).(type) {
	case *ast.BinaryExpr:
		if x.Op != token.OR {
			return nil
		}
		if found := s.flag(x.X, name); found != nil {
			return found
		}
		return s.flag(x.Y, name)
	case *ast.SelectorExpr:
		if obj := s.info.Uses[x.Sel]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "os" && obj.Name() == name {
			return x
		}
	}
	return nil
}

// dropOperand takes one operand out of a disjunction, and reports whether it is
// one of its operands.
func (p *Plan) dropOperand(flags, operand ast.Expr) bool {
	b, ok := ast.Unparen(flags).(*ast.BinaryExpr)
	switch {
	case !ok || b.Op != token.OR:
		return false
	case b.Y == operand:
		p.ReplaceRange(b.X.End(), b.Y.End(), "")
		return true
	case b.X == operand:
		p.ReplaceRange(b.X.Pos(), b.Y.Pos(), "")
		return true
	}
	return p.dropOperand(b.X, operand)
}

// truncatesOnly reports whether flags are those of a file that is made or
// truncated to be written, with nothing to be said of how:
//
//	os.O_WRONLY|os.O_CREATE|os.O_TRUNC
//	os.O_RDWR|os.O_CREATE|os.O_TRUNC
//
// and not with O_APPEND, O_SYNC or O_EXCL in addition.
func (s *Site) truncatesOnly(flags ast.Expr) bool {
	if s.flag(flags, "O_CREATE") == nil || s.flag(flags, "O_TRUNC") == nil {
		return false
	}
	writes := s.flag(flags, "O_WRONLY") != nil || s.flag(flags, "O_RDWR") != nil
	return writes && operands(flags) == 3
}
