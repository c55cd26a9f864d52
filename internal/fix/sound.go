package fix

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// sound returns the reason why a file with the edits made does not compile, or is
// not formatted. A fix that breaks a build is worse than none, so none is offered
// that has not been tried.
//
// What is tried is the part of the file that the edits can change: the imports and
// the functions with an edit in them. The cost of a fix then does not depend on the
// size of its package.
func (e *Edit) sound() error {
	slices.SortStableFunc(e.edits, func(a, b analysis.TextEdit) int { return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.End, b.End)) })
	for i, edit := range e.edits {
		if i > 0 && edit.Pos < e.edits[i-1].End {
			return errors.New("edits overlap")
		}
	}
	part, ok := e.part()
	if !ok {
		return e.soundWhole()
	}
	err := e.soundPart(part)
	if e.env.Fatal {
		// In our tests the two ways are compared for each fix: one on which they
		// disagree is missing there.
		if whole := e.soundWhole(); (whole == nil) != (err == nil) {
			err = fmt.Errorf("in part: %w; on the whole: %w", orNone(err), orNone(whole))
		}
	}
	return err
}

// orNone returns the error, or one that says that there is none.
func orNone(err error) error { return cmp.Or(err, errors.New("no error")) }

// soundWhole is sound for edits that may change anything in the package.
func (e *Edit) soundWhole() error {
	whole := span{e.file.FileStart, e.file.FileEnd}
	text := e.edited(whole)
	if err := formatted(e.original(whole), text); err != nil {
		return err
	}
	return e.compiles(text)
}

// original returns the text of a part of the file, with the line ends of Unix.
func (e *Edit) original(s span) []byte { return []byte(e.Source(s.pos, s.end)) }

// edited returns the text of a part of the file with the edits made that are
// within it.
func (e *Edit) edited(s span) []byte {
	var out []byte
	at := s.pos
	for _, edit := range e.edits {
		if edit.Pos < s.pos || edit.End > s.end {
			continue
		}
		out = append(out, e.Source(at, edit.Pos)...)
		out = append(out, bytes.ReplaceAll(edit.NewText, []byte("\r\n"), []byte("\n"))...)
		at = edit.End
	}
	return append(out, e.Source(at, s.end)...)
}

// formatted returns the reason why edits are no good that make one text of
// another: they change nothing, or the new text has errors of syntax, or is not
// formatted as the old one was.
func formatted(before, after []byte) error {
	if bytes.Equal(before, after) {
		return errors.New("it changes nothing")
	}
	if ok, err := isFormatted(after); err != nil || ok {
		return err
	}
	if ok, err := isFormatted(before); err == nil && ok {
		return errors.New("it is not formatted")
	}
	return nil
}

func isFormatted(text []byte) (bool, error) {
	formatted, err := format.Source(text)
	return bytes.Equal(formatted, text), err
}

// compiles type-checks the package with the new text of the file.
func (e *Edit) compiles(text []byte) error {
	fset := token.NewFileSet()
	for _, f := range e.pass.Files {
		fset.AddExistingFiles(e.pass.Fset.File(f.FileStart))
	}
	base := fset.Base() // the positions of the new text are above it
	file, err := parser.ParseFile(fset, e.tok.Name(), text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	files := make([]*ast.File, 0, len(e.pass.Files))
	for _, f := range e.pass.Files {
		if f == e.file {
			f = file
		}
		files = append(files, f)
	}
	var first error
	conf := e.config(func(err types.Error) {
		if int(err.Pos) >= base && first == nil {
			first = errors.New(err.Msg)
		}
	})
	conf.Check(packagePath(e.pass), fset, files, nil) //nolint:errcheck // passed to conf.Error
	return first
}

// config is that of a type checker of the package with the edits made, which
// passes its errors to fail.
func (e *Edit) config(fail func(types.Error)) *types.Config {
	return &types.Config{
		GoVersion: e.pass.Pkg.GoVersion(),
		Sizes:     e.pass.TypesSizes,
		Importer:  e,
		Error: func(err error) {
			var at types.Error
			if errors.As(err, &at) {
				fail(at)
			}
		},
	}
}

// Import implements types.Importer: what the package imports already, and
// outlines of what fixes import.
func (e *Edit) Import(p string) (*types.Package, error) {
	if p == "unsafe" {
		return types.Unsafe, nil
	}
	for _, imp := range e.pass.Pkg.Imports() {
		if imp.Path() == p {
			return imp, nil
		}
	}
	if use := e.imports[p]; use != nil && use.new {
		return e.outline(p)
	}
	return nil, fmt.Errorf("%s is not imported", p)
}

// outline makes a package of what fixes use of it.
func (e *Edit) outline(p string) (*types.Package, error) {
	source, ok := outlines[p]
	if !ok { // the helper, or a copy of it under any name
		source = fmt.Sprintf("package %s\n%s", path.Base(p), helperOutline)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, p, source, 0)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: outlineImporter{e}, IgnoreFuncBodies: true}
	return conf.Check(p, fset, []*ast.File{file}, nil)
}

// outlineImporter finds what outlines import. The package's own view of a
// package comes first, for its types to be the same; where that is a mere name,
// since nothing of it is used, an outline does.
type outlineImporter struct{ e *Edit }

// Import implements types.Importer.
func (i outlineImporter) Import(p string) (*types.Package, error) {
	known := basics[p]
	var view *types.Package
	i.e.env.Look(func() { view = viewOf(reachable(i.e.pass.Pkg, p), known.members) })
	if view != nil {
		return view, nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, p, known.source, 0)
	if err != nil {
		return nil, err
	}
	var conf types.Config
	return conf.Check(p, fset, []*ast.File{file}, nil)
}

// basics are what the outline of the helper imports.
var basics = map[string]struct {
	members []string
	source  string
}{
	"io":    {[]string{"Reader"}, "package io; type Reader interface { Read(p []byte) (n int, err error) }"},
	"os":    {[]string{"File"}, "package os; type File struct { _ int }"},
	"io/fs": {[]string{"FileMode", "FileInfo"}, "package fs; type FileMode uint32; type FileInfo interface { Mode() FileMode }"},
}

// viewOf returns a package with members of pkg, which may be incomplete and
// could not be imported itself, or nil if it does not have them.
func viewOf(pkg *types.Package, members []string) *types.Package {
	if pkg == nil || pkg.Complete() {
		return pkg
	}
	view := types.NewPackage(pkg.Path(), pkg.Name())
	for _, name := range members {
		obj := pkg.Scope().Lookup(name)
		if obj == nil {
			return nil
		}
		view.Scope().Insert(obj)
	}
	view.MarkComplete()
	return view
}

// reachable returns the package of the path among those that pkg imports, and
// those that they import.
func reachable(pkg *types.Package, path string) *types.Package {
	seen := make(map[*types.Package]bool)
	var find func(pkg *types.Package) *types.Package
	find = func(pkg *types.Package) *types.Package {
		if seen[pkg] {
			return nil
		}
		seen[pkg] = true
		for _, imp := range pkg.Imports() {
			if imp.Path() == path && imp.Name() != "" {
				return imp
			}
			if found := find(imp); found != nil {
				return found
			}
		}
		return nil
	}
	return find(pkg)
}

// outlines are what fixes use of the packages of the standard library that
// they import.
var outlines = map[string]string{
	"errors":        "package errors; func Is(err, target error) bool",
	"io":            "package io; type Reader interface { Read(p []byte) (n int, err error) }; func ReadAll(r Reader) ([]byte, error)",
	"io/fs":         "package fs; var ErrExist, ErrNotExist error",
	"crypto/rand":   "package rand; func Text() string",
	"path/filepath": "package filepath; func Dir(path string) string; func Base(path string) string",
	"runtime":       "package runtime; func KeepAlive(x any)",
}

// helperOutline is what fixes use of the helper package. A test holds it
// against the package itself.
const helperOutline = `
import (
	"io"
	"io/fs"
	"os"
)

type File struct{ _ int }
func WriteFile(name string, data []byte, perm fs.FileMode) error
func WriteFileMode(name string, data []byte, perm fs.FileMode) error
func WriteFileExcl(name string, data []byte, perm fs.FileMode) error
func Create(name string) (*File, error)
func CreatePerm(name string, perm fs.FileMode) (*File, error)
func CreateMode(name string, perm fs.FileMode) (*File, error)
func CreateExcl(name string, perm fs.FileMode) (*File, error)
func RenameNoReplace(oldpath, newpath string) error
func OpenStat(name string) (*os.File, fs.FileInfo, error)
func (f *File) Name() string
func (f *File) Write(p []byte) (n int, err error)
func (f *File) WriteString(s string) (int, error)
func (f *File) ReadFrom(r io.Reader) (n int64, err error)
func (f *File) Seek(offset int64, whence int) (pos int64, err error)
func (f *File) ReadAt(p []byte, off int64) (n int, err error)
func (f *File) WriteAt(p []byte, off int64) (n int, err error)
func (f *File) Truncate(size int64) error
func (f *File) Chown(uid, gid int) error
func (f *File) Chmod(mode fs.FileMode) error
func (f *File) Stat() (info fs.FileInfo, err error)
func (f *File) Commit() error
func (f *File) Close() error
`

// HelperOutline returns the helper package as fixes know it, for tests to
// compile against.
func HelperOutline() string {
	text := "package atomicfix\n"
	for line := range strings.Lines(helperOutline) {
		if strings.HasPrefix(line, "func ") {
			line = strings.TrimSuffix(line, "\n") + " { panic(0) }\n"
		}
		text += line
	}
	return text
}
