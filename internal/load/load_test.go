package load

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

// module writes a module with the files, and returns its directory.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.24\n"
	scripttest.WriteFiles(t, dir, files)
	return dir
}

// TestOrder checks that a package is used after those below it, also where one
// that is not named lies between, with its syntax, and that nothing of that is
// left afterwards.
func TestOrder(t *testing.T) {
	dir := module(t, map[string]string{
		"a/a.go":       "package a\n\ntype T struct{}\n",
		"between/b.go": "package between\n\nimport \"example.com/m/a\"\n\nfunc F() a.T { return a.T{} }\n",
		"c/c.go":       "package c\n\nimport (\n\t\"example.com/m/a\"\n\t\"example.com/m/between\"\n\t\"os\"\n)\n\nvar V a.T = between.F()\nvar _ = os.Args\n",
	})
	p, err := List(&Config{Dir: dir, Patterns: []string{"./c", "./a"}})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var used []string
	p.Each(func(i int, pkg *packages.Package, below func()) {
		below()
		mu.Lock()
		defer mu.Unlock()
		used = append(used, pkg.Name)
		if p.Packages[i] != pkg || len(pkg.Syntax) != 1 || len(pkg.TypesInfo.Defs) == 0 || pkg.IllTyped {
			t.Errorf("%s is not loaded: %v", pkg, pkg.Errors)
		}
	})
	if !slices.Equal(used, []string{"a", "c"}) {
		t.Errorf("used %v, want a and c", used)
	}
	for _, pkg := range p.Packages {
		if pkg.Syntax != nil || pkg.TypesInfo != nil || pkg.Types == nil {
			t.Errorf("%s has its syntax still, or no types", pkg)
		}
	}
}

// TestErrors checks that what is wrong with packages is reported as package
// packages reports it.
func TestErrors(t *testing.T) {
	dir := module(t, map[string]string{
		"sound/a.go":   "package sound\n",
		"syntax/a.go":  "package syntax\n\nfunc f( {\n\nfunc g() {}\n",
		"types/a.go":   "package types\n\nvar x int = \"\"\n\nvar y = z\n",
		"above/a.go":   "package above\n\nimport _ \"example.com/m/types\"\n",
		"none/a.go":    "package none\n\nimport _ \"example.com/none\"\n",
		"unused/a.go":  "package unused\n\nimport \"os\"\n",
		"special/a.go": "package special\n\nimport \"unsafe\"\n\nvar P unsafe.Pointer\n",
		"cycle/a.go":   "package cycle\n\nimport _ \"example.com/m/cycle/b\"\n",
		"cycle/b/b.go": "package b\n\nimport _ \"example.com/m/cycle\"\n",
	})
	patterns := []string{"./...", "unsafe"}
	p, err := List(&Config{Dir: dir, Patterns: patterns})
	if err != nil {
		t.Fatal(err)
	}
	p.Each(func(int, *packages.Package, func()) {})
	theirs, err := packages.Load(&packages.Config{Dir: dir, Mode: listMode | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	tell := func(pkgs []*packages.Package) []string {
		var lines []string
		for _, pkg := range pkgs {
			line := pkg.ID
			if pkg.IllTyped {
				line += " ill-typed"
			}
			for _, e := range pkg.Errors {
				if strings.Contains(e.Msg, "could not import") {
					e.Msg, _, _ = strings.Cut(e.Msg, "(") // which error stopped it
				}
				line += "\n\t" + e.Error()
			}
			lines = append(lines, line)
		}
		return lines
	}
	got, want := tell(p.Packages), tell(theirs)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestOverlay checks that a file that is given is read in place of that on disk,
// and that one which cannot be read is reported.
func TestOverlay(t *testing.T) {
	dir := module(t, map[string]string{"a.go": "package a\n\nvar x int = \"\"\n", "b.go": "package a\n"})
	p, err := List(&Config{Dir: dir, Patterns: []string{"."}, Overlay: map[string][]byte{filepath.Join(dir, "a.go"): []byte("package a\n\nvar x int\n")}})
	if err != nil {
		t.Fatal(err)
	}
	p.Each(func(_ int, pkg *packages.Package, _ func()) {
		if len(pkg.Errors) > 0 || pkg.Types.Scope().Lookup("x") == nil {
			t.Errorf("errors %v", pkg.Errors)
		}
	})
	if p, err = List(&Config{Dir: dir, Patterns: []string{"."}}); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "b.go")); err != nil {
		t.Fatal(err)
	}
	p.Each(func(int, *packages.Package, func()) {})
	if list := p.Packages[0].Errors; !slices.ContainsFunc(list, func(e packages.Error) bool { return strings.HasPrefix(e.Pos, filepath.Join(dir, "b.go")) }) {
		t.Errorf("errors %v, want one of b.go", list)
	}
}
