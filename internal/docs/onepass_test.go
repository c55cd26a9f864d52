package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/passes"
)

// alsoNamed are the files that name a pass, other than its own and the two tables.
var alsoNamed = map[string][]string{
	"fdlife":      {"internal/race/fdowners.go"},                                    // its second half
	"pathreuse":   {"internal/race/checkedlate.go", "internal/race/tworeads.go"},    // what is used first, and two readings
	"resolveopen": {"internal/race/foreigntree.go", "internal/race/placeholder.go"}, // uses in a tree of another user
	"tornwrite": {
		"internal/race/race.go",       // Defect: the writer may be in another module
		"internal/race/lostupdate.go", // leaves out what is torn, which has a fix
		"internal/score/fit.go",       // chooses the weights of its signs
	},
}

// TestOnePass checks that a pass is two rows and its own files, as
// docs/architecture.md says: no other file has its name, or the constant for it.
func TestOnePass(t *testing.T) {
	root := filepath.Join("..", "..")
	constants := make(map[string]string) // the pass, by its name and by its constant
	for _, rule := range passes.Rules() {
		constants[strconv.Quote(rule.Name)] = rule.Name
		file := filepath.Join(root, "internal", "race", rule.Name+".go")
		if rule.Name == "toctouignore" {
			continue // it is about comments, and has no kind
		}
		name := kindIn(t, file)
		if name == "" {
			t.Errorf("%s declares no kind", file)
		}
		constants[name] = rule.Name
	}
	found := 0
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == ".git" || entry.Name() == "atomicfix"):
			return fs.SkipDir
		case !strings.HasSuffix(file, ".go"), strings.HasSuffix(file, "_test.go"):
			return nil
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		for pass := range namedIn(t, file, constants) {
			found++
			if !ownFile(filepath.ToSlash(name), pass) {
				t.Errorf("%s names the pass %s: a twelfth pass would have to be added there, too", name, pass)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 2*len(passes.Rules()) {
		t.Errorf("passes are named in %d files, fewer than the two tables and their own", found)
	}
}

// ownFile reports whether a file is expected to name a pass.
func ownFile(file, pass string) bool {
	return file == "internal/race/rules.go" || file == "passes/passes.go" || file == "internal/race/"+pass+".go" ||
		strings.HasPrefix(file, "passes/"+pass+"/") || slices.Contains(alsoNamed[pass], file)
}

// kindIn returns the name of the constant of type Kind that a file declares.
func kindIn(t *testing.T, file string) string {
	t.Helper()
	for _, decl := range parse(t, file).Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST {
			continue
		}
		spec := gen.Specs[0].(*ast.ValueSpec)
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Kind" {
			return spec.Names[0].Name
		}
	}
	return ""
}

// namedIn returns the passes that the code of a file names.
func namedIn(t *testing.T, file string, constants map[string]string) map[string]bool {
	t.Helper()
	named := make(map[string]bool)
	ast.Inspect(parse(t, file), func(n ast.Node) bool {
		text := ""
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Ident:
			text = n.Name
		case *ast.BasicLit:
			text = n.Value
		}
		if pass, ok := constants[text]; ok {
			named[pass] = true
		}
		return true
	})
	return named
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
