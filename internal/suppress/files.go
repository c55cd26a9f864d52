// Package suppress determines which findings a user sees: those in files that are
// reported on, and that no comment suppresses.
package suppress

import (
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/token"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/edcacfbd/toctou/internal/settings"
)

// Files tells, for the files of one package, what is reported in them.
type Files struct {
	pass     *analysis.Pass
	settings *settings.Settings
	ignores  map[*ast.File][]*Ignore
}

// NewFiles reads the comments of a package's files. isPass reports whether there
// is a pass of a name, so that a suppression comment may list it.
func NewFiles(pass *analysis.Pass, s *settings.Settings, isPass func(name string) bool) *Files {
	f := &Files{pass: pass, settings: s, ignores: make(map[*ast.File][]*Ignore)}
	for _, file := range pass.Files {
		f.ignores[file] = ignoresIn(pass.Fset, file, isPass)
	}
	return f
}

// Shown reports whether a finding of a pass at pos is to be seen: it is not in
// a test or generated file, unless asked for, and no comment suppresses it.
func (f *Files) Shown(name string, pos token.Pos) bool {
	file := f.file(pos)
	if file == nil {
		return false
	}
	return f.InScope(pos) && f.Suppressed(name, pos) == nil
}

// InScope reports whether the file at pos is one that is reported on.
func (f *Files) InScope(pos token.Pos) bool {
	file := f.file(pos)
	switch {
	case file == nil:
		return false
	case f.LeftOut(pos), !f.settings.Tests && servesTests(file):
		return false
	case !f.settings.Generated && ast.IsGenerated(file):
		return false
	}
	return !f.Excluded(pos)
}

// Excluded reports whether the settings leave out the file at pos.
func (f *Files) Excluded(pos token.Pos) bool {
	return f.settings.Exclude != nil && f.settings.Exclude(f.pass.Fset.Position(pos).Filename)
}

// LeftOut reports whether the file at pos is one whose functions are not looked
// at.
func (f *Files) LeftOut(pos token.Pos) bool { return f.settings.LeavesOut(f.pass.Fset, pos) }

// forTests are packages that a file imports only to serve tests: packages below
// them do so, too.
var forTests = []string{
	"testing",
	"github.com/stretchr/testify",
	"github.com/onsi/ginkgo",
	"github.com/onsi/gomega",
	"github.com/frankban/quicktest",
	"gotest.tools",
	"gopkg.in/check.v1",
}

// servesTests reports whether a file that is no test serves tests.
func servesTests(file *ast.File) bool {
	for _, imp := range file.Imports {
		name := strings.Trim(imp.Path.Value, "`\"")
		for _, p := range forTests {
			if name == p || strings.HasPrefix(name, p+"/") {
				return true
			}
		}
	}
	return false
}

// Suppressed returns the comment that suppresses a finding of a pass at pos,
// or nil.
func (f *Files) Suppressed(name string, pos token.Pos) *Ignore {
	for _, ig := range f.Covering(pos) {
		if ig.Reason != "" && ig.allows(name) {
			return ig
		}
	}
	return nil
}

// Covering returns the suppression comments for the line of pos, whatever
// pass they are meant for.
func (f *Files) Covering(pos token.Pos) []*Ignore {
	var covering []*Ignore
	if file := f.file(pos); file != nil {
		line := f.pass.Fset.Position(pos).Line
		for _, ig := range f.ignores[file] {
			if ig.covers(line) {
				covering = append(covering, ig)
			}
		}
	}
	return covering
}

// Ignores returns all suppression comments, in the order of the source.
func (f *Files) Ignores() []*Ignore {
	var all []*Ignore
	for _, file := range f.pass.Files {
		all = append(all, f.ignores[file]...)
	}
	return all
}

func (f *Files) file(pos token.Pos) *ast.File {
	for _, file := range f.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return file
		}
	}
	return nil
}

// Ignore is a suppression comment:
//
//	//toctou:ignore REASON
//	//toctou:ignore statopen,tornwrite REASON
//
// on the line of the finding or above it. Without a reason it suppresses
// nothing.
type Ignore struct {
	Pos    token.Pos
	Text   string   // the whole comment
	Passes []string // the passes that it is meant for; none for all
	Reason string

	// Misspelt says that the comment only looks like one: with a blank before
	// toctou, or a colon after ignore.
	Misspelt bool

	line int
	next int // the line that it stands above, if it stands alone
}

func (ig *Ignore) covers(line int) bool { return line == ig.line || line == ig.next }

func (ig *Ignore) allows(name string) bool {
	return len(ig.Passes) == 0 || slices.Contains(ig.Passes, name)
}

const directive = "//toctou:ignore"

// almost is what is a directive, or was meant to be one.
var almost = regexp.MustCompile(`^//\s*toctou:\s*ignore\b`)

func ignoresIn(fset *token.FileSet, file *ast.File, isPass func(string) bool) []*Ignore {
	var list []*Ignore
	for _, group := range file.Comments {
		for _, c := range group.List {
			if !almost.MatchString(c.Text) {
				continue
			}
			ig := &Ignore{Pos: c.Pos(), Text: c.Text, line: fset.Position(c.Pos()).Line, next: fset.Position(group.End()).Line + 1}
			rest, ok := strings.CutPrefix(c.Text, directive)
			if ig.Misspelt = !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t'; !ig.Misspelt {
				ig.Passes, ig.Reason = splitReason(rest, isPass)
			}
			list = append(list, ig)
		}
	}
	return list
}

// splitReason tells the names of passes, if the text starts with a list of
// such, from the reason.
func splitReason(text string, isPass func(string) bool) (passes []string, reason string) {
	// A comment may end in another one, as the `// want` of a test does.
	text, _, _ = strings.Cut(text, " // ")
	text = strings.TrimSpace(text)
	first, rest, _ := strings.Cut(text, " ")
	for name := range strings.SplitSeq(first, ",") {
		if !isPass(name) {
			return nil, text
		}
		passes = append(passes, name)
	}
	return passes, strings.TrimSpace(rest)
}

// Constrained reports whether the file at pos is compiled only on some
// systems, so that other files of its package are missing here.
func (f *Files) Constrained(pos token.Pos) bool {
	file := f.file(pos)
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, c := range group.List {
			if constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text) {
				return true
			}
		}
	}
	// A name such as fs_linux.go. Without the file's content, MatchFile goes by
	// the name alone.
	name := filepath.Base(f.pass.Fset.File(pos).Name())
	system := build.Default
	system.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("package p\n")), nil }
	for _, system.GOOS = range []string{"linux", "windows"} {
		for _, system.GOARCH = range []string{"amd64", "arm64"} {
			if ok, err := system.MatchFile("", name); err == nil && !ok {
				return true
			}
		}
	}
	return false
}
