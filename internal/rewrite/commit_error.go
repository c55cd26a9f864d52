package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// commitOr returns lines that commit the file before a position, and handle a failure. It
// is handled as that of the creation, unless its words are of an open:
//
//	f, err := os.Create(p)
//	if err != nil {
//		return fmt.Errorf("opening %s: %w", p, err) // not what has failed
//	}
//	if _, err := f.Write(data); err != nil {
//		return fmt.Errorf("writing %s: %w", p, err) // for the commit, too
//	}
//
// Then it is handled as that of the last write, or else returned without words. Words
// such as "cannot save" do for both.
func (t *staged) commitOr(indent string, at token.Pos) string {
	err, body := t.h.Err.Name(), t.h.If.Body.List
	if !t.tellsOfOpen(body) {
		return t.commitAnd(indent, err, t.p.CopyBlock(body, indent+"\t"))
	}
	if n, name := t.writeHandling(at); n != nil {
		return t.commitAnd(indent, name, t.p.CopyBlock(n.Body.List, indent+"\t"))
	}
	ret, ok := body[len(body)-1].(*ast.ReturnStmt)
	if !ok || len(ret.Results) == 0 {
		t.p.Fail("the only words for a failure of the commit are those for the failure of the creation")
		return ""
	}
	last := ret.Results[len(ret.Results)-1]
	t.p.Copy(ret)
	return t.commitAnd(indent, err, indent+"\t"+t.s.Source(ret.Pos(), last.Pos())+err+"\n")
}

// commitAnd returns lines that commit the file and run a body where that fails.
func (t *staged) commitAnd(indent, err, body string) string {
	return indent + "if " + err + " := " + t.file.Name() + ".Commit(); " + err + " != nil {\n" + t.ifExists(err, indent+"\t") + body + indent + "}\n"
}

// tellsOfOpen reports whether the text that statements hand to a call says that a file
// could not be opened or created.
func (t *staged) tellsOfOpen(stmts []ast.Stmt) bool {
	found := false
	for _, stmt := range stmts {
		ast.Inspect(stmt, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text := strings.ToLower(lit.Value)
				found = found || strings.Contains(text, "open") || strings.Contains(text, "creat")
			}
			return !found
		})
	}
	return found
}

// writeHandling returns the last if before a position that handles the error of a call
// with the file, in statements that mean the same at the position, and the name of that
// error; nil if there is none.
//
//	if _, err := f.Write(data); err != nil {
//		return fmt.Errorf("writing %s: %w", p, err)
//	}
func (t *staged) writeHandling(at token.Pos) (*ast.IfStmt, string) {
	for i, stmt := range slices.Backward(t.region) {
		n, ok := stmt.(*ast.IfStmt)
		if !ok || n.End() > at || n.Else != nil || t.removesIn(n.Body) || len(n.Body.List) > maxMoved || !t.leavesFailing(n.Body.List) {
			continue
		}
		source := n.Init
		if source == nil && i > 0 {
			source = t.region[i-1]
		}
		assign, ok := source.(*ast.AssignStmt)
		if !ok || !t.mentionsFile(assign) {
			continue
		}
		v := t.s.object(assign.Lhs[len(assign.Lhs)-1])
		if v != nil && t.s.testsNil(n.Cond, v, token.NEQ) && t.visibleAt(n.Body, v, at) {
			return n, v.Name()
		}
	}
	return nil, ""
}

// removesIn reports whether a block has a removal of the path, which is not repeated.
func (t *staged) removesIn(b *ast.BlockStmt) bool {
	return slices.ContainsFunc(t.taken, func(r *ast.CallExpr) bool { return b.Pos() <= r.Pos() && r.End() <= b.End() })
}

// visibleAt reports whether what a block names, but for the variable err and what the
// block itself declares, means the same at a position.
//
//	n, err := f.Write(data)
//	if err != nil {
//		return fmt.Errorf("only %d bytes: %w", n, err) // n means the same below, in the list
//	}
func (t *staged) visibleAt(b *ast.BlockStmt, err *types.Var, at token.Pos) bool {
	same := true
	ast.Inspect(b, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return same
		}
		obj := t.s.info.Uses[id]
		if obj == nil || obj == types.Object(err) || obj.Parent() == nil || t.s.foreign(obj) || b.Pos() <= obj.Pos() && obj.Pos() < b.End() {
			return same
		}
		same = same && t.s.lookup(id.Name, at) == obj
		return same
	})
	return same
}
