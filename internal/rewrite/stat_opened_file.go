package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/edcacfbd/toctou/internal/fix"
	"github.com/edcacfbd/toctou/internal/pathops"
)

// refusal is what a program makes of the metadata of a file that it is about
// to open: statements directly before the open that leave if it is not right.
type refusal struct {
	info *types.Var
	ifs  []*ast.IfStmt
}

// StatOpenedFile checks the property on the file that use opens, instead of on the path,
// and rejects the file in the same way:
//
//	info, err := os.Stat(p)
//	if err != nil {
//		return err
//	}
//	if info.Size() > limit { // repeated below the open, on the file's own metadata
//		return errTooBig
//	}
//	f, err := os.Open(p) // f, info, err := atomicfix.OpenStat(p)
//
// An os.ReadFile becomes an open, a read and a close. The check stays: what it refuses
// is not opened. There is no plan where anything but such ifs uses the metadata.
func (s *Site) StatOpenedFile(check *pathops.Op, use *Call) (*Plan, fix.Refusal) {
	c, h := s.Call(check), s.Handling(use)
	if c == nil {
		return nil, Indirect
	}
	if h == nil || h.If == nil || !s.opensInto(h) {
		return nil, Unhandled
	}
	r := s.refusal(c, use)
	if r == nil {
		return nil, "the result of the check is not rejected by if statements directly before the open"
	}
	if s.calls(use.Args[0]) {
		return nil, "the path is the result of a call, which the fix would make twice"
	}
	if len(h.If.Body.List) > maxMoved {
		return nil, NoBranch
	}
	switch use.Name {
	case "os.Open":
		return s.queryOpened(r, h, use)
	case "os.ReadFile", "io/ioutil.ReadFile":
		return s.readAsked(r, h, use)
	}
	return nil, NoRewrite
}

// refusal returns the statements between a check and a use that reject the file, or nil if
// the metadata is used for anything else.
//
//	info, err := os.Stat(p)
//	if err != nil {
//		return err
//	}
//	if info.Size() > limit { // these
//		return errTooBig
//	}
//	f, err := os.Open(p)
func (s *Site) refusal(check, use *Call) *refusal {
	h := s.Handling(check)
	if h == nil || h.If == nil || !s.bindsInfo(h) || check.Outer[0] != use.Outer[0] {
		return nil
	}
	r := &refusal{info: s.object(h.Assign.Lhs[0])}
	stmts, last := list(use.Stmt, use.Outer)
	_, first := list(h.If, check.Outer)
	if r.info == nil || first < 0 || last <= first {
		return nil
	}
	between := stmts[first+1 : last]
	for i, stmt := range slices.Backward(between) {
		n, ok := stmt.(*ast.IfStmt)
		if !ok || !s.refuses(n, r.info) {
			between = between[:i+1]
			break
		}
		r.ifs = append(r.ifs, n)
		between = between[:i]
	}
	if slices.ContainsFunc(between, func(stmt ast.Stmt) bool { return s.mentions(stmt, r.info) }) {
		return nil
	}
	slices.Reverse(r.ifs)
	if len(r.ifs) == 0 {
		return nil
	}
	return r
}

// bindsInfo reports whether a check has two results, and what handles its error
// follows in a statement of its own and leaves.
func (s *Site) bindsInfo(h *Handling) bool {
	return len(h.Assign.Lhs) == 2 && !h.Init && h.leaves()
}

// refuses reports whether an if does nothing but to leave, in few statements, because
// of metadata: if info.Size() > limit { return errTooBig }.
//
//	if info.Size() > limit {
//		return errTooBig
//	}
//
// and not
//
//	if info.Size() > limit && !confirm() { // prompts twice
func (s *Site) refuses(n *ast.IfStmt, info *types.Var) bool {
	if n.Init != nil || n.Else != nil || !s.mentions(n.Cond, info) || !s.onlyReads(n.Cond) {
		return false
	}
	return leaves(n.Body.List) && len(n.Body.List) <= maxMoved
}

// onlyReads reports whether a condition calls nothing but methods of metadata, so that it
// may be evaluated twice.
//
//	info.Mode().IsRegular() && info.Size() < int64(limit)
//	info.Size() < quota() // quota may count
func (s *Site) onlyReads(cond ast.Expr) bool {
	only := true
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fn := s.callee(n)
			tv := s.info.Types[n.Fun]
			pure := fn != nil && (ofMetadata(fn) || pureRow(fn))
			only = only && (pure || tv.IsType() || tv.IsBuiltin())
		case *ast.UnaryExpr:
			only = only && n.Op != token.ARROW
		case *ast.FuncLit:
			only = false
		}
		return only
	})
	return only
}

// queryOpened queries a file that is opened already.
func (s *Site) queryOpened(r *refusal, h *Handling, use *Call) (*Plan, fix.Refusal) {
	id, ok := h.Assign.Lhs[0].(*ast.Ident)
	if !ok || id.Name == "_" {
		return nil, "the open file is not in a variable"
	}
	at, closed := s.afterDeferredClose(h)
	p, indent := s.plan(), s.Indent(h.Assign.Pos())
	text := p.open(r, h, use, id.Name, closed)
	p.AfterLine(at, text+p.refuse(r, indent, id.Name, closed))
	return p.done()
}

// afterDeferredClose returns the end of what handles an open, and whether the
// close of the file is deferred there.
//
//	f, err := os.Open(p)
//	if err != nil {
//		return err
//	}
//	defer f.Close() // the end of this line
func (s *Site) afterDeferredClose(h *Handling) (end token.Pos, closed bool) {
	stmts, i := list(h.If, s.Enclosing(h.If.Pos())[1:])
	if i >= 0 && i+1 < len(stmts) {
		if d, ok := stmts[i+1].(*ast.DeferStmt); ok {
			sel, ok := d.Call.Fun.(*ast.SelectorExpr)
			if ok && sel.Sel.Name == "Close" && s.object(sel.X) != nil && s.object(sel.X) == s.object(h.Assign.Lhs[0]) {
				return d.End(), true
			}
		}
	}
	return h.If.End(), false
}

// open makes an os.Open return the metadata, too, and returns the lines that must follow
// it.
func (p *Plan) open(r *refusal, h *Handling, use *Call, file string, closed bool) string {
	if p.s.Helper != "" {
		p.ReplaceFunc(use, p.s.Helper, "OpenStat")
		p.Insert(h.Assign.Lhs[0].End(), ", "+r.info.Name())
		return ""
	}
	return p.stat(r, h, file, closed)
}

// stat returns lines that query the metadata of an open file.
func (p *Plan) stat(r *refusal, h *Handling, file string, closed bool) string {
	indent := p.Indent(h.Assign.Pos())
	return indent + r.info.Name() + ", " + h.Err.Name() + " = " + file + ".Stat()\n" + p.handled(h, indent, file, closed)
}

// handled returns the lines that handle an error as h does.
func (p *Plan) handled(h *Handling, indent, file string, closed bool) string {
	return indent + "if " + h.Err.Name() + " != nil {\n" + closing(indent, file, closed) + p.CopyBlock(h.If.Body.List, indent+"\t") + indent + "}\n"
}

// refuse returns the lines that refuse what is open.
func (p *Plan) refuse(r *refusal, indent, file string, closed bool) string {
	text := ""
	for _, n := range r.ifs {
		text += indent + "if " + p.Copy(n.Cond) + " {\n" + closing(indent, file, closed) + p.CopyBlock(n.Body.List, indent+"\t") + indent + "}\n"
	}
	return text
}

// closing returns the line that closes a file before the program leaves, if
// nothing else does.
func closing(indent, file string, closed bool) string {
	if closed {
		return ""
	}
	return indent + "\t" + file + ".Close()\n"
}

// readAsked makes an open, the questions and a read of a file that is read
// whole by its path. The file is closed as soon as it is read, as it was: what
// is open cannot be removed or replaced on Windows.
func (s *Site) readAsked(r *refusal, h *Handling, use *Call) (*Plan, fix.Refusal) {
	file := s.freshName(use.Pos(), "f", "file", "in", "opened")
	if file == "" {
		return nil, "no variable name is free"
	}
	p, indent, err := s.plan(), s.Indent(h.Assign.Pos()), h.Err.Name()
	vars, open, ask := file, "", ""
	if s.Helper != "" {
		vars, open = file+", "+r.info.Name(), p.Use(s.Helper, "OpenStat", use.Pos())
	} else {
		open, ask = p.Use("os", "Open", use.Pos()), p.stat(r, h, file, false)
	}
	p.Insert(s.LineStart(h.Assign.Pos()), indent+vars+", "+err+" := "+open+"("+s.Text(use.Args[0])+")\n"+
		p.handled(h, indent, file, true)+ask+p.refuse(r, indent, file, false))
	p.Replace(use.CallExpr, p.Use("io", "ReadAll", use.Pos())+"("+file+")")
	p.AfterLine(h.Assign.End(), indent+file+".Close()\n")
	return p.done()
}
