package driver

import (
	"crypto/sha256"
	"fmt"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/config"
)

// A stamp is what the go command's answer depends on: as long as it is equal, the
// listing of packages holds.
type stamp struct {
	settings string
	headers  map[string]string // of the open files: their package and what they import
	watched  map[string]string // of files and folders that are not open: when they were changed
	whole    map[string]bool   // the open files that the go command translates, so that each change counts: they import "C"
}

// next returns the stamp of a session as its files are now. The files to watch are
// those of s, which may be nil.
func (s *stamp) next(root string, files []string, overlay map[string][]byte, settings string) *stamp {
	now := &stamp{settings: settings, headers: make(map[string]string), watched: make(map[string]string)}
	if s != nil {
		now.whole = s.whole
	}
	for _, file := range files {
		header, ok := headerOf(overlay[file])
		switch {
		case s != nil && s.whole[file]:
			header = fmt.Sprintf("%x", sha256.Sum256(overlay[file]))
		case !ok && s != nil && s.headers[file] != "":
			header = s.headers[file] // the user is editing it, and its package does not compile
		}
		now.headers[file] = header
		now.watch(filepath.Dir(file))
	}
	for _, name := range []string{"go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt"} {
		now.watch(filepath.Join(root, name))
	}
	if s != nil {
		for file := range s.watched {
			if _, ok := overlay[file]; !ok {
				now.watch(file)
			}
		}
	}
	return now
}

// equal reports whether two stamps are the same.
func (s *stamp) equal(other *stamp) bool {
	if other == nil || s.settings != other.settings {
		return false
	}
	return maps.Equal(s.headers, other.headers) && maps.Equal(s.watched, other.watched)
}

// watch notes the state of a file, or of the list of files of a folder.
func (s *stamp) watch(name string) {
	if _, ok := s.watched[name]; ok {
		return
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		s.watched[name] = "none"
	case info.IsDir():
		s.watched[name] = sources(name)
	default:
		s.watched[name] = fmt.Sprint(info.ModTime().UnixNano(), info.Size())
	}
}

// sources returns the names of the Go files in a folder.
func sources(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".go") {
			names = append(names, e.Name())
		}
	}
	return strings.Join(names, "/")
}

// watching returns the stamp with the files of the packages, and of those below them,
// that are neither open nor of a module that does not change.
func (s *stamp) watching(root string, named []*packages.Package) *stamp {
	now := *s
	now.whole = make(map[string]bool)
	packages.Visit(named, nil, func(pkg *packages.Package) {
		if pkg.Module == nil || pkg.Module.Version != "" && pkg.Module.Replace == nil {
			return
		}
		for _, file := range pkg.GoFiles {
			if _, open := s.headers[file]; !open {
				now.watch(file)
				now.watch(filepath.Dir(file))
			} else if !slices.Contains(pkg.CompiledGoFiles, file) {
				now.whole[file] = true
			}
		}
		if pkg.Module.GoMod != "" {
			now.watch(pkg.Module.GoMod)
		}
	})
	now.watch(filepath.Join(root, config.Name))
	return &now
}

// headerOf returns what of a source decides to which package it belongs, whether it is
// compiled, and what that imports. ok is false if it cannot be parsed as far as that.
func headerOf(text []byte) (header string, ok bool) {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly|parser.ParseComments)
	if err != nil || file.Name == nil {
		return "", false
	}
	b := new(strings.Builder)
	fmt.Fprintln(b, file.Name.Name)
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if comment.Pos() < file.Package && constraint.IsGoBuild(comment.Text) {
				fmt.Fprintln(b, comment.Text)
			}
		}
	}
	var imports []string
	for _, spec := range file.Imports {
		imports = append(imports, spec.Path.Value)
	}
	slices.Sort(imports)
	fmt.Fprint(b, strings.Join(imports, "\n"))
	return b.String(), true
}
