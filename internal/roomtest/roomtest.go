// Package roomtest is what the tests have in common that check which files of a package
// may use what its other files declare.
package roomtest

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// Room is a package with the names of its files.
type Room struct {
	Files []string // without their directory, sorted
	fset  *token.FileSet
	info  *types.Info
}

// Load returns the package in the working directory, without its tests.
func Load(t *testing.T) *Room {
	t.Helper()
	mode := packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports
	pkgs, err := packages.Load(&packages.Config{Mode: mode}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.FailNow()
	}
	room := &Room{fset: pkgs[0].Fset, info: pkgs[0].TypesInfo}
	for _, file := range pkgs[0].Syntax {
		room.Files = append(room.Files, room.file(file.Pos()))
	}
	slices.Sort(room.Files)
	return room
}

// Of returns a package with these texts of files, by their names, for a test that a
// test can fail.
func Of(t *testing.T, texts map[string]string) *Room {
	t.Helper()
	room := &Room{
		Files: slices.Sorted(maps.Keys(texts)),
		fset:  token.NewFileSet(),
		info:  &types.Info{Uses: make(map[*ast.Ident]types.Object)},
	}
	var files []*ast.File
	for _, name := range room.Files {
		file, err := parser.ParseFile(room.fset, name, texts[name], parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	conf := types.Config{Importer: importer.Default()}
	if _, err := conf.Check("p", room.fset, files, room.info); err != nil {
		t.Fatal(err)
	}
	return room
}

// Uses lists the uses, each as a sentence, for which forbidden holds: of an object in a
// file, where it is declared in another one.
func (r *Room) Uses(forbidden func(file, declaredIn string, obj types.Object) bool) []string {
	var found []string
	for ident, obj := range r.info.Uses {
		if !obj.Pos().IsValid() {
			continue // predeclared
		}
		file, declaredIn := r.file(ident.Pos()), r.file(obj.Pos())
		if file != declaredIn && forbidden(file, declaredIn, obj) {
			found = append(found, fmt.Sprintf("%s uses %s of %s", file, obj.Name(), declaredIn))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (r *Room) file(pos token.Pos) string {
	return filepath.Base(r.fset.Position(pos).Filename)
}
