package passes_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/passes"

	"github.com/edcacfbd/toctou/internal/passtest"
)

// BenchmarkPackage runs the suite on one package that is loaded already, which
// is what an editor does after each edit: on one that works with files, and on
// one that does not. Beside it is the type check of the former, which an editor
// cannot do without.
func BenchmarkPackage(b *testing.B) {
	const files, none = "github.com/edcacfbd/toctou/internal/driver", "github.com/edcacfbd/toctou/internal/race"
	for name, path := range map[string]string{"files": files, "nofiles": none} {
		b.Run(name, func(b *testing.B) {
			pkgs := []*packages.Package{loadOne(b, path)}
			pkgs[0].Imports = nil // they have no syntax
			analyzers := passes.Of(passtest.Suite(passes.Settings{Helper: "always"}))
			for b.Loop() {
				graph, err := checker.Analyze(analyzers, pkgs, nil)
				if err != nil {
					b.Fatal(err)
				}
				for _, root := range graph.Roots {
					if root.Err != nil {
						b.Fatal(root.Err)
					}
				}
			}
		})
	}
	b.Run("typecheck", func(b *testing.B) {
		pkg := loadOne(b, files)
		for b.Loop() {
			if err := typeCheck(pkg); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func loadOne(b *testing.B, path string) *packages.Package {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule}, path)
	if err != nil {
		b.Fatal(err)
	}
	if len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		b.Fatalf("%s: %d packages, %v", path, len(pkgs), pkgs[0].Errors)
	}
	return pkgs[0]
}

// typeCheck parses and checks a package anew, with the imports that it has.
func typeCheck(pkg *packages.Package) error {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range pkg.CompiledGoFiles {
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), Instances: make(map[*ast.Ident]types.Instance), FileVersions: make(map[*ast.File]string),
	}
	conf := types.Config{Importer: importsOf(pkg.Types.Imports()), GoVersion: "go" + pkg.Module.GoVersion}
	_, err := conf.Check(pkg.PkgPath, fset, files, info)
	return err
}

// importsOf are packages that are there to be imported.
type importsOf []*types.Package

// Import implements types.Importer.
func (list importsOf) Import(path string) (*types.Package, error) {
	for _, pkg := range list {
		if pkg.Path() == path {
			return pkg, nil
		}
	}
	return nil, types.Error{Msg: path + " is not imported"}
}
