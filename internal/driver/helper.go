package driver

import (
	"fmt"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/edcacfbd/toctou/internal/helpersrc"
	"github.com/edcacfbd/toctou/internal/reach"
)

// helper writes the package that fixes use into the user's own module, for
// those who want no dependency.
func (p *program) helper(args []string) int {
	if len(args) == 1 && slices.Contains([]string{"-h", "-help", "--help"}, args[0]) {
		return p.help([]string{"helper"})
	}
	if len(args) != 1 || len(args[0]) > 0 && args[0][0] == '-' {
		return p.failf("usage: toctou helper DIR")
	}
	dir, err := filepath.Abs(args[0])
	if err != nil {
		return p.failf("%v", err)
	}
	importPath, err := importPathOf(dir)
	if err != nil {
		return p.failf("%v", err)
	}
	name := filepath.Base(dir)
	if !token.IsIdentifier(name) {
		return p.failf("%s: the last element cannot be the name of a package", args[0])
	}
	if err := vacant(dir); err != nil {
		return p.failf("%v", err)
	}
	if err := writeHelper(dir, name); err != nil {
		return p.failf("%v", err)
	}
	fmt.Fprintf(p.stdout, "wrote package %s; it needs golang.org/x/sys (go mod tidy)\nfix with: toctou fix -helper=%s ./...\nor have .toctou.yml say it for all: helper: %s\n", importPath, importPath, importPath)
	return exitClean
}

// importPathOf returns the path by which the module around dir imports it.
func importPathOf(dir string) (string, error) {
	mod := reach.Find(dir, "go.mod")
	if mod == "" {
		return "", errNoModule(dir)
	}
	data, err := os.ReadFile(mod)
	if err != nil {
		return "", err
	}
	module := modfile.ModulePath(data)
	rel, err := filepath.Rel(filepath.Dir(mod), dir)
	if err != nil || module == "" {
		return "", fmt.Errorf("%s does not tell the module's path", mod)
	}
	return path.Join(module, filepath.ToSlash(rel)), nil
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

func writeHelper(dir, name string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, file := range helpersrc.Files() {
		text := packageClause.ReplaceAll(file.Data, []byte("package "+name))
		if err := createFile(filepath.Join(dir, file.Name), text); err != nil {
			return err
		}
	}
	return nil
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
