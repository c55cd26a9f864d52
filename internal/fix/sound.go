package fix

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// sound reports whether the file still compiles and is formatted with the
// edits made. A fix that breaks a build is worse than none, so none is offered
// that has not been tried.
func (e *Edit) sound() bool {
	out, ok := e.apply()
	if !ok {
		return false
	}
	out = bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n"))
	formatted, err := format.Source(out)
	if err != nil {
		return false
	}
	if !bytes.Equal(formatted, out) && e.formatted() {
		return false
	}
	return e.compiles(out)
}

// formatted reports whether the file is formatted as it stands.
func (e *Edit) formatted() bool {
	src := bytes.ReplaceAll(e.src, []byte("\r\n"), []byte("\n"))
	formatted, err := format.Source(src)
	return err == nil && bytes.Equal(formatted, src)
}

// compiles type-checks the package with the new text of the file.
func (e *Edit) compiles(text []byte) bool {
	fset := token.NewFileSet()
	for _, f := range e.pass.Files {
		fset.AddExistingFiles(e.pass.Fset.File(f.FileStart))
	}
	base := fset.Base() // the positions of the new text are above it
	file, err := parser.ParseFile(fset, e.tok.Name(), text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	files := make([]*ast.File, 0, len(e.pass.Files))
	for _, f := range e.pass.Files {
		if f == e.file {
			f = file
		}
		files = append(files, f)
	}
	good := true
	conf := types.Config{
		GoVersion: e.pass.Pkg.GoVersion(),
		Sizes:     e.pass.TypesSizes,
		Importer:  e,
		Error: func(err error) {
			if err, ok := err.(types.Error); ok && int(err.Pos) >= base {
				good = false
			}
		},
	}
	conf.Check(packagePath(e.pass), fset, files, nil) //nolint:errcheck // told to Error
	return good
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
// package comes first, for its types to be the same.
type outlineImporter struct{ e *Edit }

func (i outlineImporter) Import(p string) (*types.Package, error) {
	seen := make(map[*types.Package]bool)
	var find func(pkg *types.Package) *types.Package
	find = func(pkg *types.Package) *types.Package {
		if seen[pkg] {
			return nil
		}
		seen[pkg] = true
		for _, imp := range pkg.Imports() {
			if imp.Path() == p {
				return imp
			}
		}
		for _, imp := range pkg.Imports() {
			if found := find(imp); found != nil {
				return found
			}
		}
		return nil
	}
	if found := find(i.e.pass.Pkg); found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("%s is not known here", p)
}

// outlines are what fixes use of the packages of the standard library that
// they import.
var outlines = map[string]string{
	"errors": "package errors; func Is(err, target error) bool",
	"io/fs":  "package fs; var ErrExist, ErrNotExist error",
}

// helperOutline is what fixes use of the helper package. A test holds it
// against the package itself.
const helperOutline = `
import (
	"io"
	"io/fs"
)

type File struct{ _ int }
func WriteFile(name string, data []byte, perm fs.FileMode) error
func WriteFileMode(name string, data []byte, perm fs.FileMode) error
func WriteFileExcl(name string, data []byte, perm fs.FileMode) error
func Create(name string) (*File, error)
func CreateMode(name string, perm fs.FileMode) (*File, error)
func CreateExcl(name string, perm fs.FileMode) (*File, error)
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
