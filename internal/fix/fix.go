// Package fix builds suggested fixes: edits of one file that compile, are
// formatted, and bring the imports that they need.
//
// It knows syntax and types, and nothing of races.
package fix

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/edcacfbd/toctou/internal/env"
)

// File is a file that may be edited, with its current text.
type File struct {
	pass *analysis.Pass
	*source
	eol string

	env *env.Env
}

// Edit collects the edits of one fix, all in one file. Once something cannot
// be done, the whole fix cannot: Fix says so, and nothing before needs to.
type Edit struct {
	*File

	edits   []analysis.TextEdit
	kept    []span            // what is still used elsewhere, although it is replaced here
	imports map[string]*named // by path, those that new text names
	refused Refusal           // why it cannot be done, "" if it can so far
	renames map[*ast.Ident]string
}

// Refusal is why there is no fix, in a clause for who reads the finding: "a
// deferred call uses the file". It is "" where there is one.
type Refusal = string

// span is a range of the source.
type span struct{ pos, end token.Pos }

func (s span) holds(pos token.Pos) bool { return s.pos <= pos && pos < s.end }

// Open returns the file at pos. It returns nil if that cannot be edited: it is
// generated, by cgo too, or differs from what was parsed, or the package does not
// type-check before the change, so that a change cannot be verified. An error without a
// position is that of an imported package: a fix is possible in a function that names
// nothing of that package, and sound verifies that.
func Open(p *analysis.Pass, pos token.Pos, in *env.Env) *File {
	if slices.ContainsFunc(p.TypeErrors, func(err types.Error) bool { return err.Pos.IsValid() }) {
		return nil
	}
	all := sourcesOf(p)
	src := all.at(pos)
	if src == nil || p.Fset.PositionFor(pos, false).Filename != p.Fset.PositionFor(pos, true).Filename {
		return nil
	}
	src.read(p, in)
	if !src.editable {
		return nil
	}
	return &File{pass: p, source: src, eol: src.lineEnd(), env: in}
}

// Edit starts a fix of the file.
func (f *File) Edit() *Edit { return &Edit{File: f, imports: make(map[string]*named)} }

// Add makes the edits of another fix of the file part of this one.
func (e *Edit) Add(other *Edit) {
	e.edits = append(e.edits, other.edits...)
	e.kept = append(e.kept, other.kept...)
	for p, use := range other.imports {
		if mine := e.imports[p]; mine != nil && *mine != *use {
			e.Fail("two parts of the fix import " + p + " under different names")
		}
		e.imports[p] = use
	}
	e.Fail(other.refused)
}

// Enclosing returns the nodes around pos, the innermost first.
func (f *File) Enclosing(pos token.Pos) []ast.Node {
	return Enclosing(f.file, pos)
}

// Enclosing returns the nodes of a file around pos, the innermost first.
func Enclosing(file *ast.File, pos token.Pos) []ast.Node {
	i := sort.Search(len(file.Decls), func(i int) bool { return pos < file.Decls[i].End() })
	if i == len(file.Decls) || pos < file.Decls[i].Pos() {
		path, _ := astutil.PathEnclosingInterval(file, pos, pos)
		return path
	}
	// PathEnclosingInterval looks at all declarations, for each finding anew.
	only := *file
	only.Decls = file.Decls[i : i+1]
	path, _ := astutil.PathEnclosingInterval(&only, pos, pos)
	path[len(path)-1] = file
	return path
}

// InFile reports whether pos is in the file that is edited.
func (f *File) InFile(pos token.Pos) bool { return f.file.FileStart <= pos && pos < f.file.FileEnd }

// Text returns the source of a node.
func (f *File) Text(n ast.Node) string { return f.Source(n.Pos(), n.End()) }

// Source returns the text between two positions.
func (f *File) Source(pos, end token.Pos) string {
	s := string(f.text[f.tok.Offset(pos):f.tok.Offset(end)])
	return strings.ReplaceAll(s, "\r\n", "\n")
}

// Copy returns the source of a node for use in new text, so that what it names
// stays in use.
func (e *Edit) Copy(n ast.Node) string {
	e.kept = append(e.kept, span{n.Pos(), n.End()})
	return e.Text(n)
}

// CopyBlock returns the source of statements, comments between them included,
// each line indented by indent. It fails where a line cannot be indented
// without a change of meaning.
func (e *Edit) CopyBlock(stmts []ast.Stmt, indent string) string {
	if len(stmts) == 0 {
		return ""
	}
	pos, end := stmts[0].Pos(), e.lineComment(stmts[len(stmts)-1].End())
	e.kept = append(e.kept, span{pos, end})
	for _, s := range stmts {
		ast.Inspect(s, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && strings.Contains(lit.Value, "\n") {
				e.Fail("a string of several lines would have to be repeated with a different indentation")
			}
			return true
		})
	}
	old := e.Indent(pos)
	lines := strings.Split(e.renamed(pos, end), "\n")
	for i, line := range lines {
		switch {
		case i == 0:
			lines[i] = indent + line
		case line == "":
		default:
			rest, ok := strings.CutPrefix(line, old)
			if !ok {
				e.Fail("the code to repeat is not indented as by gofmt")
			}
			lines[i] = indent + rest
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// Rename replaces an identifier with another name in the text that is copied.
func (e *Edit) Rename(id *ast.Ident, text string) {
	if e.renames == nil {
		e.renames = make(map[*ast.Ident]string)
	}
	e.renames[id] = text
}

// renamed is source with the identifiers renamed.
func (e *Edit) renamed(pos, end token.Pos) string {
	ids := slices.SortedFunc(maps.Keys(e.renames), func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) })
	text := ""
	for _, id := range ids {
		if pos <= id.Pos() && id.End() <= end {
			text += e.Source(pos, id.Pos()) + e.renames[id]
			pos = id.End()
		}
	}
	return text + e.Source(pos, end)
}

// lineComment returns the end of the comment that follows pos on its line, or pos.
func (f *File) lineComment(pos token.Pos) token.Pos {
	for _, group := range f.commentsFrom(pos) {
		if f.tok.Line(group.Pos()) != f.tok.Line(pos) {
			break
		}
		if between := strings.TrimSpace(f.Source(pos, group.Pos())); between == "" {
			return group.List[0].End()
		}
	}
	return pos
}

// CommentAbove returns the start of the comment that ends on the line above pos, or pos: what
// it says is about the statement there.
func (f *File) CommentAbove(pos token.Pos) token.Pos {
	for _, group := range f.file.Comments {
		if group.End() < pos && f.tok.Line(group.End())+1 == f.tok.Line(pos) && strings.TrimSpace(f.Source(f.LineStart(group.Pos()), group.Pos())) == "" {
			return group.Pos()
		}
	}
	return pos
}

// HasComments reports whether there is a comment between two positions.
func (f *File) HasComments(pos, end token.Pos) bool {
	comments := f.commentsFrom(pos)
	return len(comments) > 0 && comments[0].Pos() < end
}

// commentsFrom returns the comments that begin at pos or after it, in order.
func (f *File) commentsFrom(pos token.Pos) []*ast.CommentGroup {
	i, _ := slices.BinarySearchFunc(f.file.Comments, pos, func(g *ast.CommentGroup, pos token.Pos) int { return cmp.Compare(g.Pos(), pos) })
	return f.file.Comments[i:]
}

// Inline returns the comments between two positions, each of the form /* */, for use
// within a line. It reports whether all of them have that form.
func (f *File) Inline(pos, end token.Pos) (text string, ok bool) {
	for _, group := range f.commentsFrom(pos) {
		if group.Pos() >= end {
			break
		}
		for _, c := range group.List {
			if end <= c.Pos() {
				break
			}
			if !strings.HasPrefix(c.Text, "/*") || strings.Contains(c.Text, "\n") {
				return "", false
			}
			text += " " + c.Text
		}
	}
	return text, true
}

// Indent returns the white space that the line at pos begins with.
func (f *File) Indent(pos token.Pos) string {
	line := f.Source(f.tok.LineStart(f.tok.Line(pos)), pos)
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// Replace puts text in the place of a node.
func (e *Edit) Replace(n ast.Node, text string) { e.ReplaceRange(n.Pos(), n.End(), text) }

// ReplaceRange replaces the source between two positions with text.
func (e *Edit) ReplaceRange(pos, end token.Pos, text string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", e.eol)
	e.edits = append(e.edits, analysis.TextEdit{Pos: pos, End: end, NewText: []byte(text)})
}

// Insert puts text before pos.
func (e *Edit) Insert(pos token.Pos, text string) { e.ReplaceRange(pos, pos, text) }

// AfterLine inserts whole lines, which text is, below the line at pos.
func (e *Edit) AfterLine(pos token.Pos, text string) {
	line := e.tok.Line(pos)
	if line >= e.tok.LineCount() {
		e.Fail(lastLine)
		return
	}
	e.Insert(e.tok.LineStart(line+1), text)
}

// DeleteLines removes the lines from the one at pos to the one at end. It
// fails if the lines have anything else on them, except for a comment at the end.
func (e *Edit) DeleteLines(pos, end token.Pos) {
	from := e.tok.LineStart(e.tok.Line(pos))
	last := e.tok.Line(end)
	if last >= e.tok.LineCount() {
		e.Fail(lastLine)
		return
	}
	to := e.tok.LineStart(last + 1)
	if strings.TrimSpace(e.Source(from, pos)) != "" || strings.TrimSpace(e.Source(e.lineComment(end), to)) != "" {
		e.Fail("there is other code on the lines that the fix removes")
		return
	}
	if e.blank(from, -1) && e.blank(to, 0) {
		to = e.tok.LineStart(last + 2) // of the two blank lines one is left
	}
	e.ReplaceRange(from, to, "")
}

// blank reports whether the line at pos, or one a few lines off, is blank, and not the last.
func (f *File) blank(pos token.Pos, lines int) bool {
	line := f.tok.Line(pos) + lines
	if line < 1 || line >= f.tok.LineCount() {
		return false
	}
	return strings.TrimSpace(f.Source(f.tok.LineStart(line), f.tok.LineStart(line+1))) == ""
}

const lastLine Refusal = "the code to change is on the last line of the file, which does not end in a newline"

// Fail gives the fix up, for the first reason that there is. It does nothing
// if why is "".
func (e *Edit) Fail(why Refusal) {
	if e.refused == "" {
		e.refused = why
	}
}

// Refused returns why the fix was given up, or "".
func (e *Edit) Refused() Refusal { return e.refused }

// Fix returns the fix, alone in a list, or why it cannot be offered.
func (e *Edit) Fix(message string) ([]analysis.SuggestedFix, Refusal) {
	if e.refused == "" {
		e.settleImports()
	}
	if e.refused != "" {
		return nil, e.refused
	}
	if err := e.sound(); err != nil {
		e.env.Debugf("%s: no fix %q: %v", e.pass.Fset.Position(e.edits[0].Pos), message, err)
		return nil, "with the fix applied, " + err.Error()
	}
	return []analysis.SuggestedFix{{Message: message, TextEdits: e.edits}}, ""
}

// Line returns the number of the line at pos.
func (f *File) Line(pos token.Pos) int { return f.tok.Line(pos) }

// LineStart returns the position of the first byte of the line at pos.
func (f *File) LineStart(pos token.Pos) token.Pos { return f.tok.LineStart(f.tok.Line(pos)) }
