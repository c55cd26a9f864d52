package fix

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// importLines is the import declaration that a fix changes, line by line, so
// that the changes of several fixes differ in as few places as can be.
type importLines struct {
	e      *Edit
	start  token.Pos
	old    []importLine
	lines  []importLine
	single *ast.ImportSpec // the declaration has this one alone, without parentheses
	lone   bool            // there are several such declarations
}

// importLine is one line with its end.
type importLine struct {
	text string
	spec *ast.ImportSpec // nil for a blank line, a comment, or a new import
	path string          // of an import
}

func (l importLine) blank() bool { return strings.TrimSpace(l.text) == "" }

// importLines returns the declaration to change, or nil if it is laid out in a
// way that cannot be handled line by line.
func (e *Edit) importLines() *importLines {
	var decls []*ast.GenDecl
	for _, d := range e.file.Decls {
		if d, ok := d.(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			decls = append(decls, d)
		}
	}
	if len(decls) == 0 {
		return nil
	}
	for _, d := range decls {
		if d.Lparen.IsValid() && len(d.Specs) > 0 {
			return e.linesBetween(d)
		}
	}
	return e.linesOf(decls)
}

// linesBetween reads the lines between the parentheses of a declaration.
func (e *Edit) linesBetween(d *ast.GenDecl) *importLines {
	first, last := e.tok.Line(d.Lparen)+1, e.tok.Line(d.Rparen)-1
	if first > last {
		return nil
	}
	return e.readLines(first, last, d.Specs)
}

// linesOf reads the lines of declarations of one import each.
func (e *Edit) linesOf(decls []*ast.GenDecl) *importLines {
	var specs []ast.Spec
	for _, d := range decls {
		specs = append(specs, d.Specs...)
	}
	l := e.readLines(e.tok.Line(decls[0].Pos()), e.tok.Line(decls[len(decls)-1].End()), specs)
	if l == nil {
		return nil
	}
	if len(specs) == 1 {
		l.single = specs[0].(*ast.ImportSpec)
	} else {
		l.lone = true
	}
	return l
}

func (e *Edit) readLines(first, last int, specs []ast.Spec) *importLines {
	if last >= e.tok.LineCount() {
		return nil
	}
	l := &importLines{e: e, start: e.tok.LineStart(first)}
	for n := first; n <= last; n++ {
		l.old = append(l.old, importLine{text: e.Source(e.tok.LineStart(n), e.tok.LineStart(n+1))})
	}
	for _, s := range specs {
		s := s.(*ast.ImportSpec)
		line := &l.old[e.tok.Line(s.Pos())-first]
		if line.spec != nil || e.tok.Line(s.Pos()) != e.tok.Line(s.End()) {
			return nil // several on a line
		}
		line.spec, line.path = s, importPath(s)
	}
	l.lines = slices.Clone(l.old)
	return l
}

const commented Refusal = "an import that the fix changes has a comment"

// remove removes an import. It fails for one with a comment, which is the user's to remove.
func (l *importLines) remove(spec *ast.ImportSpec) {
	i := slices.IndexFunc(l.lines, func(line importLine) bool { return line.spec == spec })
	if i < 0 || spec.Doc != nil || spec.Comment != nil {
		l.e.Fail(commented)
		return
	}
	l.lines = slices.Delete(l.lines, i, i+1)
	blankBefore := i == 0 || l.lines[i-1].blank()
	blankAfter := i == len(l.lines) || l.lines[i].blank()
	switch {
	case len(l.lines) == 0:
	case blankBefore && i < len(l.lines) && blankAfter:
		l.lines = slices.Delete(l.lines, i, i+1)
	case blankAfter && blankBefore && i > 0:
		l.lines = slices.Delete(l.lines, i-1, i)
	}
}

// add puts an import in, where gofmt and goimports would have it.
func (l *importLines) add(p, name string) {
	text := `"` + p + `"`
	if name != path.Base(p) {
		text = name + " " + text
	}
	line := importLine{text: "\t" + text + "\n", path: p}
	switch {
	case l.single != nil && len(l.lines) == 0:
		line.text = "import " + text + "\n"
		l.lines = []importLine{line}
		l.single = nil
		l.lone = true
		return
	case l.lone:
		line.text = "import " + text + "\n"
		l.lines = append(l.lines, line)
		return
	case l.single != nil:
		l.parenthesize()
	}
	groups := l.groups()
	best := -1
	for i, g := range groups {
		if g.fits(l, p) && (best < 0 || !isStandard(p) && g.prefix(l, p) > groups[best].prefix(l, p)) {
			best = i
		}
	}
	switch {
	case best >= 0:
		l.insertSorted(groups[best], line)
	case isStandard(p):
		l.lines = slices.Insert(l.lines, 0, line, importLine{text: "\n"})
		l.keepParenthesis()
	case len(groups) == 0:
		l.lines = append(l.lines, line)
	default:
		l.lines = slices.Insert(l.lines, groups[len(groups)-1].end, importLine{text: "\n"}, line)
	}
}

// parenthesize turns `import "os"` into a declaration of several lines.
func (l *importLines) parenthesize() {
	spec := l.single
	l.single = nil
	if len(l.lines) != 1 || spec.Comment != nil {
		l.e.Fail(commented)
		return
	}
	old := l.lines[0]
	l.lines = []importLine{
		{text: "import (\n"},
		{text: "\t" + l.e.Text(spec) + "\n", spec: spec, path: old.path},
		{text: ")\n"},
	}
}

// keepParenthesis moves the opening line, if there is one, back to the front.
func (l *importLines) keepParenthesis() {
	for i, line := range l.lines {
		if line.text == "import (\n" {
			l.lines = slices.Insert(slices.Delete(l.lines, i, i+1), 0, line)
			return
		}
	}
}

// importGroup is a run of lines with imports.
type importGroup struct{ start, end int }

func (l *importLines) groups() []importGroup {
	var groups []importGroup
	for i, line := range l.lines {
		if line.path == "" {
			continue
		}
		if n := len(groups); n > 0 && groups[n-1].end == i {
			groups[n-1].end++
		} else {
			groups = append(groups, importGroup{i, i + 1})
		}
	}
	return groups
}

// fits reports whether p belongs into the group. In a group with comments at
// the ends of lines a new line would move them.
func (g importGroup) fits(l *importLines, p string) bool {
	for _, line := range l.lines[g.start:g.end] {
		if line.spec != nil && (line.spec.Comment != nil || line.spec.Doc != nil) {
			return false
		}
	}
	return isStandard(l.lines[g.start].path) == isStandard(p)
}

// prefix is the length of the longest beginning that p shares with a member.
func (g importGroup) prefix(l *importLines, p string) int {
	longest := 0
	for _, line := range l.lines[g.start:g.end] {
		n := 0
		for n < len(p) && n < len(line.path) && p[n] == line.path[n] {
			n++
		}
		longest = max(longest, strings.Count(p[:n], "/"))
	}
	return longest
}

func (l *importLines) insertSorted(g importGroup, line importLine) {
	at := g.end
	for i := g.start; i < g.end; i++ {
		if l.lines[i].path > line.path {
			at = i
			break
		}
	}
	l.lines = slices.Insert(l.lines, at, line)
}

// textEdit is a change of the source.
type textEdit struct {
	pos, end token.Pos
	text     string
}

// edits returns the changes from the old lines to the new ones.
func (l *importLines) edits() []textEdit {
	var edits []textEdit
	pos := l.start
	i, j := 0, 0
	length := func(line importLine) token.Pos {
		n := len(line.text)
		if l.e.eol == "\r\n" {
			n++ // each line has one end, which reads as one byte less
		}
		return token.Pos(n)
	}
	common := commonLines(l.old, l.lines)
	for _, c := range append(common, [2]int{len(l.old), len(l.lines)}) {
		edit := textEdit{pos: pos}
		for ; i < c[0]; i++ {
			pos += length(l.old[i])
		}
		for ; j < c[1]; j++ {
			edit.text += l.lines[j].text
		}
		edit.end = pos
		if edit.pos != edit.end || edit.text != "" {
			edits = append(edits, edit)
		}
		if i < len(l.old) {
			pos += length(l.old[i])
		}
		i, j = i+1, j+1
	}
	return edits
}

// commonLines returns the pairs of indexes of a longest common subsequence.
func commonLines(a, b []importLine) [][2]int {
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].text == b[j].text {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].text == b[j].text:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case n[i+1][j] >= n[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}
