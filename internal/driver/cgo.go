package driver

import (
	"fmt"
	"go/build"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// withoutCgo returns a sentence on files that are not analyzed because they import
// "C" and cgo is off, or "" if there are none. The go command leaves such files out
// without a word, and their packages consist of what is left:
//
//	store.go         // package store
//	store_sqlite.go  // package store; import "C"
func withoutCgo(dir, tags string, pkgs []*packages.Package) string {
	ctx := build.Default
	ctx.CgoEnabled = true
	if tags != "" {
		ctx.BuildTags = strings.Split(tags, ",")
	}
	var files []string
	for _, pkg := range pkgs {
		for _, name := range pkg.IgnoredFiles {
			if !slices.Contains(files, name) && needsCgo(&ctx, name) {
				files = append(files, name)
			}
		}
	}
	if len(files) == 0 {
		return ""
	}
	slices.Sort(files)
	const because = `imports "C", but cgo is disabled: there is no C compiler, or CGO_ENABLED is 0`
	first := relative(dir, files[0])
	switch more := len(files) - 1; {
	case more == 1:
		return fmt.Sprintf("%s and 1 other file are not analyzed: each %s", first, because)
	case more > 1:
		return fmt.Sprintf("%s and %d other files are not analyzed: each %s", first, more, because)
	}
	return fmt.Sprintf("%s is not analyzed: it %s", first, because)
}

// needsCgo reports whether a file would be compiled if cgo were on, and imports "C".
func needsCgo(ctx *build.Context, name string) bool {
	if ok, err := ctx.MatchFile(filepath.Dir(name), filepath.Base(name)); err != nil || !ok || !strings.HasSuffix(name, ".go") {
		return false
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		return false
	}
	for _, spec := range file.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}
