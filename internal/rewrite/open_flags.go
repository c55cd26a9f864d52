package rewrite

import (
	"go/ast"
	"go/format"
	"go/token"
	"strings"
)

// OpenFile makes os.OpenFile of a call of os.Create, with the flags.
func (s *Site) OpenFile(c *Call, flags ...string) {
	s.ReplaceFunc(c, "os", "OpenFile")
	names := make([]string, len(flags))
	for i, flag := range flags {
		names[i] = s.Use("os", flag, c.Pos())
	}
	s.AppendArgs(c, strings.Join(names, "|")+", 0o666")
}

// AppendArgs gives a call of one argument more of them. An operation among
// several arguments is written without spaces.
func (s *Site) AppendArgs(c *Call, text string) {
	const before, after = "package p\n\nvar _ = f(", ", x)\n"
	only := c.Args[0]
	formatted, err := format.Source([]byte(before + s.Text(only) + after))
	if err != nil {
		s.Fail()
		return
	}
	alone := strings.TrimSuffix(strings.TrimPrefix(string(formatted), before), after)
	if alone == s.Text(only) {
		s.Insert(only.End(), ", "+text)
		return
	}
	s.Replace(only, alone+", "+text)
}

// Flag returns the operand of a disjunction that is a constant of os, or nil.
func (s *Site) Flag(flags ast.Expr, name string) ast.Expr {
	switch x := ast.Unparen(flags).(type) {
	case *ast.BinaryExpr:
		if x.Op != token.OR {
			return nil
		}
		if found := s.Flag(x.X, name); found != nil {
			return found
		}
		return s.Flag(x.Y, name)
	case *ast.SelectorExpr:
		if obj := s.info.Uses[x.Sel]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "os" && obj.Name() == name {
			return x
		}
	}
	return nil
}

// DropOperand takes one operand out of a disjunction.
func (s *Site) DropOperand(flags, operand ast.Expr) bool {
	b, ok := ast.Unparen(flags).(*ast.BinaryExpr)
	switch {
	case !ok || b.Op != token.OR:
		return false
	case b.Y == operand:
		s.ReplaceRange(b.X.End(), b.Y.End(), "")
		return true
	case b.X == operand:
		s.ReplaceRange(b.X.Pos(), b.Y.Pos(), "")
		return true
	}
	return s.DropOperand(b.X, operand)
}

// TruncatesOnly reports whether a call of os.OpenFile does what os.Create does,
// but perhaps for reading, and for the mode of a new file.
func (s *Site) TruncatesOnly(c *Call) bool { return s.truncatesOnly(c.Args[1]) }

// truncatesOnly reports whether flags are those of a file that is made or
// truncated to be written, with nothing to be said of how.
func (s *Site) truncatesOnly(flags ast.Expr) bool {
	if s.Flag(flags, "O_CREATE") == nil || s.Flag(flags, "O_TRUNC") == nil || s.Flag(flags, "O_WRONLY") == nil && s.Flag(flags, "O_RDWR") == nil {
		return false
	}
	return operands(flags) == 3
}
