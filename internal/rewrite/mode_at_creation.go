package rewrite

import (
	"go/ast"
	"go/constant"
	"go/token"
	"math"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
)

// ModeAtCreation has a call create what is given its mode later with no more than
// that mode from the first:
//
//	f, err := os.Create(p) // os.OpenFile(p, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
//	...
//	os.Chmod(p, 0o600) // stays: the umask may have taken something away
//
// There is no plan where the mode is not known yet at the creation, where it is set
// twice, where it takes away from the owner what the program may need before it is set,
// such as os.WriteFile(p, data, 0o400) followed by another write, and where it makes a
// program of the file, which could be run half-copied: os.Chmod(p, 0o755). It also returns the
// title of the fix.
func (s *Site) ModeAtCreation(created fsapi.Effect, create, chmod *Call) (*Plan, string, fix.Refusal) {
	mode := chmod.Args[len(chmod.Args)-1] // of a function, or a method of the file
	if !s.Stable(mode, create, chmod) {
		return nil, "", "the mode is not known yet where the file is created"
	}
	if s.setsModeOften() {
		return nil, "", "the mode is set in several places"
	}
	if !s.Constant(mode) && !s.Along(create, chmod) {
		return nil, "", "the values that the mode is computed from may not exist yet where the file is created"
	}
	if s.Constant(mode) && !s.givesOwner(mode, created) && !s.Adjacent(create, chmod) {
		return nil, "", "the program may need the access that the final mode takes away"
	}
	if created == fsapi.Listen {
		return nil, "", "a socket cannot be created with a mode: only the umask could do that, for the whole process"
	}
	if created != fsapi.MakeDir && s.lets(mode, 0o111) {
		return nil, "", "the file could be executed before it is complete: stage it, set its mode, and then rename it"
	}
	p := s.plan()
	title := "Pass the final mode to " + s.Text(create.Fun)
	switch create.Name {
	case "os.Create":
		name := p.ReplaceFunc(create, "os", "OpenFile")
		p.AppendArgs(create, p.flags(create, "O_RDWR", "O_CREATE", "O_TRUNC")+", "+p.creation(mode, created))
		title = "Replace os.Create with " + name + " and the final mode"
	case "os.WriteFile", "io/ioutil.WriteFile", "os.OpenFile":
		p.Replace(create.Args[2], p.creation(mode, created))
	case "os.Mkdir":
		p.Replace(create.Args[1], p.creation(mode, created))
	default:
		return nil, "", NoRewrite
	}
	p, why := p.done()
	return p, title, why
}

// setsModeOften reports whether the function sets the mode of the path of the
// finding at more than one place, so that it is not clear which is the final one.
func (s *Site) setsModeOften() bool {
	places := make(map[token.Pos]bool)
	for _, op := range s.others(token.NoPos, math.MaxInt) {
		if op.Effect == fsapi.SetMode {
			places[op.Call.Pos()] = true
		}
	}
	places[s.Finding.Use.Call.Pos()] = true
	return len(places) > 1
}

// givesOwner reports whether a constant mode lets the owner do all that may be
// done with what an operation has created: read and write it, and search it if
// it is a directory.
func (s *Site) givesOwner(mode ast.Expr, created fsapi.Effect) bool {
	need := int64(0o600)
	if created == fsapi.MakeDir {
		need = 0o700
	}
	bits, known := s.bits(mode)
	return known && bits&need == need
}

// lets reports whether a constant mode has any of the bits.
func (s *Site) lets(mode ast.Expr, some int64) bool {
	bits, known := s.bits(mode)
	return known && bits&some != 0
}

// bits returns the bits of a constant mode.
func (s *Site) bits(mode ast.Expr) (bits int64, known bool) {
	value := s.info.Types[mode].Value
	if value == nil {
		return 0, false
	}
	return constant.Int64Val(constant.ToInt(value))
}

// creation returns the text of a mode for the creation of an object that gets the given
// mode later: no more than that, except that its owner may write, too, and that no user may
// execute a file.
func (p *Plan) creation(mode ast.Expr, created fsapi.Effect) string {
	if p.s.Constant(mode) {
		return p.Copy(mode)
	}
	text, owner := p.Copy(mode), "&^0o111|0o600" // no program before it is whole
	if created == fsapi.MakeDir {
		owner = "|0o700"
	}
	switch x := ast.Unparen(mode).(type) {
	case *ast.CallExpr:
		if fn := p.s.callee(x); fn != nil && fn.FullName() == "(io/fs.FileMode).Perm" {
			return text + owner
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.ParenExpr:
	default:
		text = "(" + text + ")"
	}
	return text + ".Perm()" + owner
}
