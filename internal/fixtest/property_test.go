package fixtest

import (
	"bytes"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/edcacfbd/toctou/internal/passtest"
	"github.com/edcacfbd/toctou/internal/settings"
	"github.com/edcacfbd/toctou/passes"
)

// harness runs each program on each state of the path, and prints what it
// says and what it leaves.
const harness = `package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

var programs = make(map[string]func(string) (string, error))

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func existsOrFails(path string) (bool, error) {
	_, err := os.Stat(path)
	if err == nil {
		return true, nil
	}
	if os.IsNotExist(err) {
		return false, nil
	}
	return false, err
}

func mode(path string) os.FileMode { return 0o600 + os.FileMode(len(path)-len(path)) }

func note(what any, err error) {
	if err != nil {
		fmt.Println(what == "encoding", class(err))
	}
}

// files is what a program may hide os behind.
type files interface {
	Stat(name string) (os.FileInfo, error)
	Open(name string) (*os.File, error)
	Remove(name string) error
	Mkdir(name string, perm os.FileMode) error
}

type osFiles struct{}

func (osFiles) Stat(name string) (os.FileInfo, error)     { return os.Stat(name) }
func (osFiles) Open(name string) (*os.File, error)        { return os.Open(name) }
func (osFiles) Remove(name string) error                  { return os.Remove(name) }
func (osFiles) Mkdir(name string, perm os.FileMode) error { return os.Mkdir(name, perm) }

// expired reports whether a lock exists that every user may read.
func expired(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o044 != 0
}

// refuse is what fails and has nothing to do with the file.
func refuse() error { return errors.New("refused") }

func refuseAt(last, i int) error {
	if i == last {
		return refuse()
	}
	return nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

var states = []struct {
	name string
	make func(path string)
}{
	{"absent", func(path string) {}},
	{"present", func(path string) { must(os.WriteFile(path, []byte("old content"), 0o644)) }},
	{"private", func(path string) { must(os.WriteFile(path, []byte("old content"), 0o600)) }},
	{"directory", func(path string) { must(os.Mkdir(path, 0o755)) }},
	{"unreadable", func(path string) { must(os.WriteFile(path, []byte("old content"), 0o200)) }},
	{"read-only", func(path string) { must(os.WriteFile(path, []byte("old content"), 0o444)) }},
	{"symlink", func(path string) {
		must(os.WriteFile(path+".target", []byte("old content"), 0o644))
		must(os.Symlink(filepath.Base(path)+".target", path))
	}},
	{"dangling", func(path string) { must(os.Symlink(filepath.Base(path)+".target", path)) }},
	{"no parent", func(path string) { must(os.Remove(filepath.Dir(path))) }},
	{"sealed parent", func(path string) {
		must(os.WriteFile(path, []byte("old content"), 0o644))
		must(os.Chmod(filepath.Dir(path), 0o555))
	}},
	{"sealed, absent", func(path string) { must(os.Chmod(filepath.Dir(path), 0o555)) }},
	{"unlisted parent", func(path string) {
		must(os.WriteFile(path, []byte("old content"), 0o644))
		must(os.Chmod(filepath.Dir(path), 0o300))
	}},
	{"two names", func(path string) {
		must(os.WriteFile(path, []byte("old content"), 0o644))
		must(os.Link(path, path+".other"))
	}},
	{"shut parent", func(path string) { must(os.Chmod(filepath.Dir(path), 0o600)) }},
}

func class(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, fs.ErrNotExist):
		return "not exist"
	case errors.Is(err, fs.ErrExist):
		return "exist"
	case errors.Is(err, fs.ErrPermission):
		return "permission"
	}
	return "other"
}

func main() {
	var names []string
	for name := range programs {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, state := range states {
			root, err := os.MkdirTemp(".", "run")
			must(err)
			dir := filepath.Join(root, "dir")
			must(os.Mkdir(dir, 0o755))
			path := filepath.Join(dir, "file")
			state.make(path)
			fmt.Printf("== %s, %s\n", name, state.name)
			text, err := programs[name](path)
			fmt.Printf("%q, %s\n", text, class(err))
			os.Chmod(dir, 0o755)
			filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
				must(err)
				info, err := d.Info()
				must(err)
				rel, _ := filepath.Rel(root, p)
				if rel == "." {
					return nil
				}
				if d.Type().IsRegular() {
					must(os.Chmod(p, 0o600))
				}
				data, _ := os.ReadFile(p)
				fmt.Printf("%s %s %q\n", rel, info.Mode(), data)
				return nil
			})
			os.RemoveAll(root)
		}
	}
}
`

// TestFamily fixes each program of a family of them: the fixed ones compile,
// are formatted and silent, need no more fixes, and do what the first ones did
// without interference.
func TestFamily(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	dir := t.TempDir()
	module(t, dir)
	fixes, left := analyze(t, dir)
	t.Logf("%d programs, fixes by pass: %v, findings without: %v", len(family()), fixes.count, left)
	for _, pass := range []string{"statopen", "existscreate", "writechmod", "tornwrite", "pathreuse", "checkact"} {
		if fixes.count[pass] == 0 {
			t.Errorf("%s fixes nothing in the family", pass)
		}
	}
	for _, pass := range strictAlone {
		if fixes.count[pass] == 0 && runtime.GOOS != "windows" {
			t.Errorf("%s fixes nothing in the family", pass)
		}
	}
	before := build(t, dir)
	for name, text := range fixes.files {
		if formatted, err := format.Source(text); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		} else if !bytes.Equal(formatted, text) {
			t.Errorf("the fixed file is not formatted:\n%s", text)
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	after := build(t, dir)
	again, leftNow := analyze(t, dir)
	for name := range again.files {
		t.Errorf("the fixed file is fixed again, from\n%s\nto\n%s", fixes.files[name], again.files[name])
	}
	for place := range leftNow {
		if !slices.Contains(keys(left), place) {
			t.Errorf("not silent when fixed: %s\n%s", place, fixes.files[filepath.Join(dir, place)])
		}
	}
	compare(t, dir, run(t, before), run(t, after))
}

func keys(m map[string]string) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}

// module writes the programs as a module that has the helper.
func module(t *testing.T, dir string) {
	t.Helper()
	files := map[string]string{"main.go": harness}
	for _, p := range family() {
		files[p.name+".go"] = p.source()
	}
	writeModule(t, dir, files)
}

// writeModule writes the files of a module that has the helper.
func writeModule(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	helper, err := filepath.Abs(filepath.Join("..", "..", "atomicfix"))
	if err != nil {
		t.Fatal(err)
	}
	files["go.mod"] = "module example.com/family\n\ngo 1.25.0\n\n" +
		"require (\n\tgithub.com/edcacfbd/toctou/atomicfix v0.0.0\n\tgolang.org/x/sys v0.47.0\n)\n\n" +
		"replace github.com/edcacfbd/toctou/atomicfix => " + filepath.ToSlash(helper) + "\n"
	for name, text := range files {
		if strings.HasSuffix(name, ".go") {
			formatted, err := format.Source([]byte(text))
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			text = string(formatted)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// fixed are the files that fixes change, and how many fixes of each pass.
type fixed struct {
	files map[string][]byte
	count map[string]int
}

// strictAlone are the passes with fixes that report in strict mode alone.
var strictAlone = []string{"fdlife"}

// strictIn is strict mode for the one program whose race is reported only there.
func strictIn(filename, pass string) settings.Choice {
	if pass == "existscreate" && filepath.Base(filename) == "existscreateRename.go" {
		return settings.Strict
	}
	return ""
}

// analyze runs the suite, and returns the fixed files and, by file, what has
// no fix.
func analyze(t *testing.T, dir string) (fixed, map[string]string) {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax,
		Dir:  dir,
		Env:  environ(),
	}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the programs do not compile")
	}
	for _, pkg := range pkgs {
		clear(pkg.Imports) // without syntax, and facts are not needed
	}
	suite := passes.Of(passtest.Suite(settings.Settings{Helper: "always", ChoiceIn: strictIn}))
	for _, a := range suite {
		if slices.Contains(strictAlone, a.Name) {
			if err := a.Flags.Set("strict", "true"); err != nil {
				t.Fatal(err)
			}
		}
	}
	graph, err := checker.Analyze(suite, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := fixed{count: make(map[string]int)}
	left := make(map[string]string)
	edits := make(fileEdits)
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			if len(d.SuggestedFixes) == 0 {
				left[filepath.Base(act.Package.Fset.Position(d.Pos).Filename)] = d.Message
				continue
			}
			f.count[act.Analyzer.Name]++
			edits.add(act.Package.Fset, d.SuggestedFixes[0].TextEdits)
		}
	}
	f.files = edits.apply(t)
	return f, left
}

func environ() []string {
	return append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GO111MODULE=on")
}

func build(t *testing.T, dir string) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "family")
	if runtime.GOOS == "windows" {
		exe += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", exe, ".")
	cmd.Dir = dir
	cmd.Env = environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// run runs the programs in a directory of their own.
func run(t *testing.T, exe string) string {
	t.Helper()
	cmd := exec.Command(exe)
	cmd.Dir = t.TempDir()
	unprivileged(t, cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// compare checks that the programs did the same.
func compare(t *testing.T, dir, before, after string) {
	t.Helper()
	was, is := strings.Split(before, "== "), strings.Split(after, "== ")
	if len(was) != len(is) {
		t.Fatalf("%d runs before, %d after", len(was), len(is))
	}
	for i := range was {
		name, state, _ := strings.Cut(strings.SplitN(is[i], "\n", 2)[0], ", ")
		if was[i] != is[i] && !opensTooMuch(name, state) && !followsNowhere(name, state) && !keepsOther(name, state) {
			text, _ := os.ReadFile(filepath.Join(dir, name+".go"))
			t.Errorf("the program did\n%sand fixed it does\n%s\n%s", was[i], is[i], text)
		}
	}
}

// opensTooMuch reports whether a program creates a file that it only writes by
// os.Create, which wants to read it, too, and so fails where its fix does not.
func opensTooMuch(name, state string) bool {
	return state == "unreadable" && slices.ContainsFunc(family(), func(p program) bool {
		return p.name == name && strings.HasPrefix(name, "torn") && strings.Contains(p.body, "os.Create(")
	})
}

// followsNowhere reports whether a program creates a file through a link that
// leads nowhere, which its fix takes for a file that is there.
func followsNowhere(name, state string) bool {
	return state == "dangling" && slices.ContainsFunc(family(), func(p program) bool {
		return p.name == name && strings.HasPrefix(name, "create") && !strings.Contains(p.body, "Mkdir(")
	})
}

// keepsOther reports whether a program writes a file that has another name,
// which keeps the old content when the file is replaced.
func keepsOther(name, state string) bool {
	return state == "two names" && !strings.HasPrefix(name, "number")
}
