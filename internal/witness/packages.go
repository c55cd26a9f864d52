package witness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// A Package is one that has tests, as go list describes it.
type Package struct {
	ImportPath   string
	Dir          string
	Standard     bool
	Module       *struct{ Dir string }
	Deps         []string
	TestGoFiles  []string
	XTestGoFiles []string
	TestImports  []string
	XTestImports []string
}

// root returns the directory that the tests of the package may expect to be in.
func (p *Package) root() string {
	if p.Module != nil && p.Module.Dir != "" {
		return p.Module.Dir
	}
	return p.Dir
}

// list finds the packages whose tests are to be run: those that the patterns match
// and that have a package with findings below them.
func (w *work) list(ctx context.Context) error {
	args := append([]string{"list", "-e", "-json=ImportPath,Dir,Standard,Module,Deps,TestGoFiles,XTestGoFiles,TestImports,XTestImports"}, w.tagFlags()...)
	out, err := w.goCommand(ctx, append(append(args, "--"), w.Patterns...)...)
	if err != nil {
		return err
	}
	var all []*Package
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(Package)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("go list: %w", err)
		}
		all = append(all, p)
	}
	out, err = w.goCommand(ctx, "env", "GOMODCACHE")
	if err != nil {
		return err
	}
	w.modcache = strings.TrimSpace(string(out))
	wanted := make(map[string]bool)
	for _, f := range w.Findings {
		path, _, _ := strings.Cut(f.Package, " ") // a test variant has its name behind
		wanted[path] = true
	}
	byPath := make(map[string]*Package, len(all))
	for _, p := range all {
		byPath[p.ImportPath] = p
	}
	for _, p := range all {
		if p.Standard {
			w.standard = true // it is what records
			continue
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 && p.Dir != "" && (w.Whole || reaches(p, byPath, wanted)) {
			w.packages = append(w.packages, p)
		}
	}
	return nil
}

// reaches reports whether the tests of a package have a wanted one below them.
func reaches(p *Package, byPath map[string]*Package, wanted map[string]bool) bool {
	isWanted := func(path string) bool { return wanted[path] }
	if wanted[p.ImportPath] || slices.ContainsFunc(p.Deps, isWanted) {
		return true
	}
	for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
		if wanted[path] || byPath[path] != nil && slices.ContainsFunc(byPath[path].Deps, isWanted) {
			return true
		}
	}
	return false
}

func (w *work) tagFlags() []string {
	if w.Tags == "" {
		return nil
	}
	return []string{"-tags", w.Tags}
}

// goCommand runs the go command and returns what it prints.
func (w *work) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, w.toolchain.Go, args...)
	cmd.Dir, cmd.Env = w.Dir, w.toolchain.Environ()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
