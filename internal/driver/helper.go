package driver

import (
	"fmt"
	"go/build/constraint"
	"go/token"
	"go/version"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/edcacfbd/toctou/internal/helpersrc"
	"github.com/edcacfbd/toctou/internal/reach"
)

// helper writes the package that fixes use into the user's own module, for
// those who want no dependency.
func (p *program) helper(args []string) int {
	if isHelp(args) {
		return p.help([]string{"helper"})
	}
	if len(args) != 1 || len(args[0]) > 0 && args[0][0] == '-' {
		return p.failf("usage: toctou helper DIR")
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return p.failf("%v", err)
	}
	importPath, language, err := importPathOf(dir)
	if err != nil {
		return p.failf("%v", err)
	}
	needs, err := modfile.Parse("go.mod", helpersrc.Module(), nil)
	if err != nil {
		return p.failf("%v", err)
	}
	name := filepath.Base(dir)
	if !token.IsIdentifier(name) {
		return p.failf("%s: the last element is not a valid package name", args[0])
	}
	if err := vacant(dir); err != nil {
		return p.failf("%v", err)
	}
	older := version.Compare("go"+language, "go"+needs.Go.Version) < 0
	if err := writeHelper(dir, name, needs.Go.Version, older); err != nil {
		return p.failf("%v", err)
	}
	fmt.Fprintf(p.stdout, "wrote package %s; it needs Go %s and golang.org/x/sys (go mod tidy)\n", importPath, needs.Go.Version)
	if older {
		for _, r := range needs.Require {
			fmt.Fprintf(p.stdout, "go.mod says go %s: each file raises the version for itself (//go:build go%s), and go get %s@%s does not change go.mod's\n",
				language, needs.Go.Version, r.Mod.Path, r.Mod.Version)
		}
	}
	fmt.Fprintf(p.stdout, "to apply fixes: toctou fix -helper=%s ./...\nor add this line to .toctou.yml: helper: %s\n", importPath, importPath)
	return exitClean
}

// importPathOf returns the path by which the module around dir imports it, and
// the module's version of the language.
func importPathOf(dir string) (importPath, language string, err error) {
	mod := reach.Find(dir, "go.mod")
	if mod == "" {
		return "", "", errNoModule(dir)
	}
	data, err := os.ReadFile(mod)
	if err != nil {
		return "", "", err
	}
	f, err := modfile.ParseLax(mod, data, nil)
	rel, rerr := filepath.Rel(filepath.Dir(mod), dir)
	if err != nil || rerr != nil || f.Module == nil {
		return "", "", fmt.Errorf("%s has no module path", mod)
	}
	language = "1.16" // without a go directive (go.dev/ref/mod)
	if f.Go != nil {
		language = f.Go.Version
	}
	return path.Join(f.Module.Mod.Path, filepath.ToSlash(rel)), language, nil
}

// vacant holds that nothing is in the directory that could be overwritten.
func vacant(dir string) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = fmt.Errorf("%s is not empty", dir)
	}
	return err
}

// packageClause is the first line of a file that is no comment.
var packageClause = regexp.MustCompile(`(?m)^package atomicfix$`)

// writeHelper writes the files of the helper. In an older module each file gets
// a build constraint, which gives it the language of that version of Go:
//
//	//go:build linux    becomes    //go:build go1.25 && linux
func writeHelper(dir, name, needs string, older bool) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, file := range helpersrc.Files() {
		text := packageClause.ReplaceAll(file.Data, []byte("package "+name))
		if older && strings.HasSuffix(file.Name, ".go") {
			text = constrain(text, "go"+needs)
		}
		if err := createFile(filepath.Join(dir, file.Name), text); err != nil {
			return err
		}
	}
	return nil
}

// constrain adds a tag to the constraint of a file, or gives it one.
func constrain(text []byte, tag string) []byte {
	line, rest, _ := strings.Cut(string(text), "\n")
	expr, err := constraint.Parse(line)
	if err != nil {
		return []byte("//go:build " + tag + "\n\n" + string(text))
	}
	both := &constraint.AndExpr{X: &constraint.TagExpr{Tag: tag}, Y: expr}
	return []byte("//go:build " + both.String() + "\n" + rest)
}

// createFile writes a file that must not exist.
func createFile(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
