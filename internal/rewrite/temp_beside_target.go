package rewrite

import (
	"go/ast"
	"go/constant"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/fsapi"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// TempBesideTarget creates a temporary in the directory of the file that it is renamed to,
// instead of the shared one, and removes it where the program does not get that far:
//
//	f, err := os.CreateTemp("", "config-*") // os.CreateTemp(filepath.Dir(p), "config-*")
//	if err != nil {
//		return err
//	}
//	defer os.Remove(f.Name()) // new, if nothing removes it
//	...
//	return os.Rename(f.Name(), p)
//
// There is no plan where the target is not known yet, or its directory may be made only
// after the temporary.
func (s *Site) TempBesideTarget() (*Plan, fix.Refusal) {
	move := s.Finding.Use
	rename, create := s.Direct(move), s.Direct(s.made(move))
	if rename == nil || create == nil || rename.Name != "os.Rename" || rename.Function() != create.Function() {
		return nil, "the temporary file is not created and renamed in the same function"
	}
	if create.Name != "os.CreateTemp" && create.Name != "io/ioutil.TempFile" || !s.isShared(create.Args[0]) {
		return nil, "the temporary file is not created by os.CreateTemp in the default directory"
	}
	target := rename.Args[1]
	if !s.Stable(target, create, rename) {
		return nil, "the name of the target may not be known yet where the temporary file is created"
	}
	for _, op := range s.between(create, rename) {
		if op.Effect == fsapi.MakeDir || op.Effect == fsapi.MakeDirAll {
			return nil, "the directory of the target may be created only after the temporary file"
		}
	}
	p := s.plan()
	p.Replace(create.Args[0], p.Use("path/filepath", "Dir", create.Pos())+"("+p.Copy(target)+")")
	h := s.Handling(create)
	if h == nil || s.object(h.Assign.Lhs[0]) == nil {
		return nil, Unhandled
	}
	return p.removeLater(create, s.object(h.Assign.Lhs[0]), ".Name()")
}

// made returns the operation that has created what an operation moves, or nil.
func (s *Site) made(move *pathops.Op) *pathops.Op {
	f := s.funcOf(s.Finding.Fn)
	if f == nil {
		return nil
	}
	for _, op := range f.Ops {
		if op.Path == move.Path && op.Row.Gives == fsapi.NewFile {
			return op
		}
	}
	return nil
}

// between lists the operations of the function on any path between two calls.
func (s *Site) between(from, to *Call) []*pathops.Op {
	var list []*pathops.Op
	if f := s.funcOf(s.Finding.Fn); f != nil {
		for _, op := range f.Ops {
			if from.End() < op.Call.Pos() && op.Call.Pos() < to.Lparen {
				list = append(list, op)
			}
		}
	}
	return list
}

// isShared reports whether an expression is the directory for temporaries: "", or
// os.TempDir().
func (s *Site) isShared(dir ast.Expr) bool {
	if v := s.info.Types[dir].Value; v != nil {
		return v.Kind() == constant.String && constant.StringVal(v) == ""
	}
	call, ok := dir.(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := s.callee(call)
	return fn != nil && fn.FullName() == "os.TempDir"
}
