package fix

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// sound tells why the file does not compile, or is not formatted, with the
// edits made. A fix that breaks a build is worse than none, so none is offered
// that has not been tried.
func (e *Edit) sound() error {
	out, ok := e.apply()
	if !ok {
		return errors.New("its edits overlap")
	}
	if bytes.Equal(out, e.src) {
		return errors.New("nothing changes")
	}
	out = bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
	formatted, err := format.Source(out)
	if err != nil {
		return err
	}
	if !bytes.Equal(formatted, out) && e.formatted() {
		return errors.New("the file is not formatted any more")
	}
	return e.compiles(out)
}

// formatted reports whether the file is formatted as it stands.
func (e *File) formatted() bool {
	src := bytes.ReplaceAll(e.src, []byte("\r\n"), []byte("\n"))
	formatted, err := format.Source(src)
	return err == nil && bytes.Equal(formatted, src)
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
	conf := types.Config{
		GoVersion: e.pass.Pkg.GoVersion(),
		Sizes:     e.pass.TypesSizes,
		Importer:  e,
		Error: func(err error) {
			var at types.Error
			if errors.As(err, &at) && int(at.Pos) >= base && first == nil {
				first = at
			}
		},
	}
	conf.Check(packagePath(e.pass), fset, files, nil) //nolint:errcheck // told to Error
	return first
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
	"errors":  "package errors; func Is(err, target error) bool",
	"io":      "package io; type Reader interface { Read(p []byte) (n int, err error) }; func ReadAll(r Reader) ([]byte, error)",
	"io/fs":   "package fs; var ErrExist, ErrNotExist error",
	"runtime": "package runtime; func KeepAlive(x any)",
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
func OpenStat(name string) (*os.File, fs.FileInfo, error)
func (f *File) Name() string
func (f *File) Write(p []byte) (n int, err error)
func (f *File) WriteString(s string) (int, error)
func (f *File) ReadFrom(r io.Reader) (n int64, err error)
func (f *File) Seek(offset int64, whence int) (pos int64, err error)
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
