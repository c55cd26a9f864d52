// Package overlay makes the standard library that records what a test binary does
// to files: the packages os and testing of the user's own Go, with a wrapper around
// each function that takes a path, for go test -overlay.
//
//	func Stat(name string) (FileInfo, error) { … }
//
// becomes toctouStat, on the same line, and at the end of the file is
//
//	func Stat(name string) (FileInfo, error) {
//		toctouC := toctouEnter(name, "", 0)
//		toctou0, toctou1 := toctouStat(name)
//		toctouC.leave(toctou1)
//		return toctou0, toctou1
//	}
package overlay

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/build"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// recorder and labels are added to os and testing. They are no Go files here: they
// compile in their packages alone.
var (
	//go:embed recorder.go.txt
	recorder string
	//go:embed labels.go.txt
	labels string
)

// A Toolchain is the Go whose standard library is instrumented.
type Toolchain struct {
	Go      string // the go command
	Root    string // GOROOT, as the go command has to see it: not below the module cache
	Version string // go1.26.8
}

// Find returns the toolchain that the go command in the directory dir uses. A
// toolchain in the module cache, where the go command refuses overlays, is reached
// through a link below cache.
func Find(dir, cache string) (*Toolchain, error) {
	cmd := exec.Command("go", "env", "GOROOT", "GOVERSION", "GOMODCACHE")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != 3 || lines[0] == "" {
		return nil, fmt.Errorf("go env: %q", out)
	}
	t := &Toolchain{Root: lines[0], Version: lines[1]}
	if rel, err := filepath.Rel(lines[2], t.Root); err == nil && filepath.IsLocal(rel) {
		link := filepath.Join(cache, "root-"+hash(t.Root))
		if err := os.MkdirAll(cache, 0o777); err != nil {
			return nil, err
		}
		if err := os.Symlink(t.Root, link); err != nil && !os.IsExist(err) {
			return nil, err
		}
		t.Root = link
	}
	t.Go = filepath.Join(t.Root, "bin", "go")
	return t, nil
}

// Environ returns the environment in which the toolchain's go command is that
// toolchain.
func (t *Toolchain) Environ() []string {
	return append(os.Environ(), "GOROOT="+t.Root, "GOTOOLCHAIN=local")
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}

// Replacements is what go build -overlay reads.
type Replacements struct {
	Replace map[string]string
}

// Write makes the instrumented files of the toolchain below cache, at a place that
// depends on the toolchain and their content alone, so that what the go command builds of
// them stays in its cache, and that another version of this program does not change them
// meanwhile. It writes only what is not there. more are other replacements, by file. The
// list of all of them, for go test -overlay, is written to lists.
func Write(t *Toolchain, cache string, more map[string]string, lists string) (string, error) {
	standard, err := packages(t)
	if err != nil {
		return "", err
	}
	files := make(map[string][]byte) // below GOROOT/src
	if err := instrument(t, "os", files); err != nil {
		return "", err
	}
	if err := instrument(t, "testing", files); err != nil {
		return "", err
	}
	files["os/zz_toctou_table.go"] = table(standard, files)
	files["os/zz_toctou.go"] = []byte(recorder)
	files["testing/zz_toctou.go"] = []byte(labels)

	names := slices.Sorted(maps.Keys(files))
	content := t.Root + "\x00" + t.Version
	for _, name := range names {
		content += "\x00" + name + "\x00" + string(files[name])
	}
	dir := filepath.Join(cache, "std-"+hash(content))
	r := Replacements{Replace: make(map[string]string)}
	for _, name := range names {
		target := filepath.Join(dir, filepath.FromSlash(name))
		if err := writeIfChanged(target, files[name]); err != nil {
			return "", err
		}
		r.Replace[filepath.Join(t.Root, "src", filepath.FromSlash(name))] = target
	}
	for file, by := range more {
		if r.Replace[file] != "" {
			return "", fmt.Errorf("the overlay in GOFLAGS replaces %s, which has to be recorded", file)
		}
		r.Replace[file] = by
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return "", err
	}
	list := filepath.Join(lists, "overlay.json")
	return list, writeIfChanged(list, text)
}

// OfFlags returns what an -overlay in the GOFLAGS of the directory replaces.
func OfFlags(t *Toolchain, dir string) (map[string]string, error) {
	cmd := exec.Command(t.Go, "env", "GOFLAGS")
	cmd.Dir, cmd.Env = dir, t.Environ()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOFLAGS: %w", err)
	}
	for _, flag := range strings.Fields(string(out)) {
		name, value, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if name != "overlay" {
			continue
		}
		text, err := os.ReadFile(value)
		if err != nil {
			return nil, fmt.Errorf("the overlay in GOFLAGS: %w", err)
		}
		var r Replacements
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("the overlay %s in GOFLAGS: %w", value, err)
		}
		for file, by := range r.Replace {
			if !filepath.IsAbs(file) {
				delete(r.Replace, file)
				file = filepath.Join(dir, file)
			}
			if by != "" && !filepath.IsAbs(by) {
				by = filepath.Join(dir, by)
			}
			r.Replace[file] = by
		}
		return r.Replace, nil
	}
	return nil, nil
}

// packages returns the import paths of the standard library.
func packages(t *Toolchain) ([]string, error) {
	cmd := exec.Command(t.Go, "list", "std")
	cmd.Dir, cmd.Env = t.Root, append(t.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list std: %w", err)
	}
	return strings.Fields(string(out)), nil
}

// table returns the file with the tables that the recorder needs: which packages are
// of the standard library, and which functions have wrappers.
func table(standard []string, files map[string][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("package os\n\nvar toctouPackages = map[string]bool{\n")
	for _, p := range standard {
		fmt.Fprintf(&b, "\t%q: true,\n", p)
	}
	b.WriteString("}\n\nvar toctouWrapped = map[string]bool{\n")
	var names []string
	for _, text := range files {
		for _, line := range strings.Split(string(text), "\n") {
			if name, ok := strings.CutPrefix(line, wrapperMark); ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "\t%q: true,\n", name)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

// instrument adds the files of a package that change.
func instrument(t *Toolchain, pkg string, files map[string][]byte) error {
	dir := filepath.Join(t.Root, "src", pkg)
	p, err := build.Default.ImportDir(dir, 0)
	if err != nil {
		return fmt.Errorf("package %s of %s: %w", pkg, t.Version, err)
	}
	found := make(map[string]bool)
	for _, name := range p.GoFiles {
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		text, err := edit(pkg, name, src, found)
		if err != nil {
			return fmt.Errorf("%s of %s is not as expected: %w", filepath.Join(pkg, name), t.Version, err)
		}
		if text != nil {
			files[pkg+"/"+name] = text
		}
	}
	for _, name := range required[pkg] {
		if !found[name] {
			return fmt.Errorf("package %s of %s has no %s, which is to be recorded", pkg, t.Version, name)
		}
	}
	return nil
}

// writeIfChanged writes a file unless it has that content already, so that a build
// that reads it never sees a part of it.
func writeIfChanged(name string, text []byte) error {
	if old, err := os.ReadFile(name); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
