package driver

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/reach"
)

// A patch is one fix of one file.
type patch struct {
	line  string // of the summary
	key   string // what the fix is known by when lines have moved
	edits []patchEdit
}

// A patchEdit replaces a range of bytes.
type patchEdit struct {
	start, end int
	text       string
}

// apply makes the edits of the findings' first fixes, as far as they do not
// overlap, and reports whether anything has changed.
func (f *fixer) apply(findings []*finding.Finding) bool {
	changed := false
	byFile := f.patches(findings)
	for name, patches := range byFile {
		file := f.changed[name]
		if file == nil {
			old, err := os.ReadFile(name)
			if err != nil {
				continue
			}
			file = &fixedFile{old: old, text: old}
			f.changed[name] = file
		}
		patches = slices.DeleteFunc(patches, func(p patch) bool { return f.blamed[p.key] })
		if file.single {
			patches = patches[:min(1, len(patches))]
		}
		text, made := merge(file.text, patches)
		for _, p := range made {
			f.applied = append(f.applied, p.line)
			changed, f.last = true, p.line
		}
		file.before, file.text, file.latest = file.text, text, made
	}
	for name, file := range f.changed {
		if byFile[name] == nil {
			file.latest = nil
		}
	}
	slices.Sort(f.applied)
	return changed
}

// patches returns the first fixes by file, in the order of their places.
func (f *fixer) patches(findings []*finding.Finding) map[string][]patch {
	byFile := make(map[string][]patch)
	seen := make(map[string]bool)
	for _, l := range findings {
		if len(l.Fixes) == 0 || len(l.Fixes[0].Edits) == 0 {
			continue
		}
		place := fmt.Sprintf("%s:%d:%d %s", l.Use.Path, l.Use.Start.Line, l.Use.Start.Column, l.Rule)
		if seen[place] {
			continue
		}
		seen[place] = true
		fix := l.Fixes[0]
		p := patch{
			line: fmt.Sprintf("%s:%d: %s (%s)", l.Use.File, l.Use.Start.Line, fix.Message, l.Rule),
			key:  strings.Join([]string{l.Use.Path, l.Function, l.Rule, l.Use.Expr, fix.Message}, " "),
		}
		for _, e := range fix.Edits {
			p.edits = append(p.edits, patchEdit{e.Start.Offset, e.End.Offset, e.New})
		}
		name := fix.Edits[0].Path
		if !slices.ContainsFunc(fix.Edits, func(e finding.Edit) bool { return e.Path != name }) {
			byFile[name] = append(byFile[name], p)
		}
	}
	return byFile
}

// merge makes the edits of patches that do not overlap; one that several share
// is made once. It returns those that were made.
func merge(text []byte, patches []patch) ([]byte, []patch) {
	var all []patchEdit
	var made []patch
	for _, p := range patches {
		clash := slices.ContainsFunc(p.edits, func(e patchEdit) bool {
			return slices.ContainsFunc(all, func(other patchEdit) bool { return e != other && e.overlaps(other) })
		})
		if clash {
			continue
		}
		for _, e := range p.edits {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
		made = append(made, p)
	}
	slices.SortStableFunc(all, func(a, b patchEdit) int { return cmp.Compare(a.start, b.start) })
	var out []byte
	at := 0
	for _, e := range all {
		out = append(append(out, text[at:e.start]...), e.text...)
		at = e.end
	}
	out = append(out, text[at:]...)
	return withoutUnused(text, out), made
}

// overlaps reports whether two edits touch, so that their order would matter.
func (e patchEdit) overlaps(other patchEdit) bool {
	return e.start <= other.end && other.start <= e.end
}

// withoutUnused removes imports that the old text used and the new one does
// not: each of several fixes may have replaced but one of the last uses.
func withoutUnused(old, text []byte) []byte {
	if bytes.Contains(text, []byte("\r\n")) {
		return text
	}
	before := usedImports(old)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	if err != nil {
		return text
	}
	deleted := false
	for _, spec := range slices.Clone(file.Imports) {
		path, _ := strconv.Unquote(spec.Path.Value)
		if before[path] && !uses(file, spec, path) {
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			}
			deleted = astutil.DeleteNamedImport(fset, file, name, path) || deleted
		}
	}
	if !deleted {
		return text
	}
	var buf bytes.Buffer
	if err := format.Node(&buf, fset, file); err != nil {
		return text
	}
	return buf.Bytes()
}

func usedImports(text []byte) map[string]bool {
	used := make(map[string]bool)
	file, err := parser.ParseFile(token.NewFileSet(), "", text, 0)
	if err != nil {
		return nil
	}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		used[path] = uses(file, spec, path)
	}
	return used
}

// uses reports whether a file names an import, by what it most likely is
// called.
func uses(file *ast.File, spec *ast.ImportSpec, path string) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	if spec.Name != nil {
		name = spec.Name.Name
	}
	found := name == "_" || name == "."
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && id.Name == name {
				found = true
			}
		}
		return !found
	})
	return found
}

// write replaces each changed file atomically. It first writes all of them under other
// names: if that is interrupted, no file has changed.
func (f *fixer) write() error {
	aside := make(map[string]string)
	defer func() {
		for _, temp := range aside {
			os.Remove(temp)
		}
	}()
	for name, file := range f.changed {
		if bytes.Equal(file.old, file.text) {
			continue
		}
		if reason := unwritable(name, file.old); reason != "" {
			f.skip(name, file, reason)
			continue
		}
		temp, err := f.aside(name, file.text)
		switch {
		case errors.Is(err, fs.ErrPermission):
			f.skip(name, file, "cannot create a file in its directory: "+reason(err).Error())
			continue
		case err != nil:
			return fmt.Errorf("%s: no files were changed: %w", relative(f.dir, name), reason(err))
		}
		aside[name] = temp
	}
	select {
	case <-f.interrupted:
		return fmt.Errorf("interrupted: no files were changed")
	default:
	}
	var done []string
	for name, temp := range aside {
		if err := f.rename(temp, name); err != nil {
			return errors.Join(err, f.putBack(done))
		}
		delete(aside, name)
		done = append(done, name)
	}
	return nil
}

// putBack makes files what they were.
func (f *fixer) putBack(names []string) error {
	var errs []error
	for _, name := range names {
		errs = append(errs, replaceFile(name, f.changed[name].old))
	}
	return errors.Join(errs...)
}

// skip leaves a file as it is after all.
func (f *fixer) skip(name string, file *fixedFile, reason string) {
	short := relative(f.dir, name)
	file.text = file.old
	f.undone = append(f.undone, short+": not changed: "+reason)
	f.applied = slices.DeleteFunc(f.applied, func(line string) bool { return strings.HasPrefix(line, short+":") })
}

// unwritable returns why a file must not be replaced, or "".
func unwritable(name string, old []byte) string {
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return err.Error()
	case !info.Mode().IsRegular():
		return "not a regular file"
	case info.Mode().Perm()&0o200 == 0:
		return "the file is read-only"
	}
	now, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	if !bytes.Equal(now, old) {
		return "the file was modified during the run"
	}
	if !withinModule(filepath.Dir(name)) {
		return "the file is outside the module, behind a symbolic link"
	}
	return ""
}

// withinModule reports whether a directory lies in the module that it seems to
// lie in, whatever links lead there.
func withinModule(dir string) bool {
	mod := reach.Find(dir, "go.mod")
	if mod == "" {
		return true // files that were named on the command line
	}
	root, err := filepath.EvalSymlinks(filepath.Dir(mod))
	if err != nil {
		return false
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return false
	}
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// replaceFile replaces a file whole.
func replaceFile(name string, data []byte) error {
	temp, err := writeAside(name, data)
	if err != nil {
		return err
	}
	if err := os.Rename(temp, name); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
}

// writeAside writes the next content of a file beside it, with its mode, or
// with that which the user's umask gives a new one.
func writeAside(name string, data []byte) (_ string, err error) {
	info, old := os.Stat(name)
	perm := os.FileMode(0o666)
	if old == nil {
		perm = 0o600 // until it has the mode of the old one
	}
	temp, err := os.OpenFile(filepath.Join(filepath.Dir(name), ".toctou-"+rand.Text()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return "", err
	}
	defer func() {
		if cerr := temp.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(data); err != nil {
		return "", err
	}
	if old == nil {
		if err := temp.Chmod(info.Mode().Perm()); err != nil {
			return "", err
		}
	}
	return temp.Name(), temp.Sync()
}
