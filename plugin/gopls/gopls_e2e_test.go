//go:build e2e

// The tests drive a gopls that `toctou gopls` has built, as an editor does:
//
//	go test -tags=e2e ./plugin/gopls
package gopls_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/edcacfbd/toctou/internal/goplsbuild"
	"github.com/edcacfbd/toctou/plugin/gopls"
)

var binDir string // for what the tests build

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "toctou-gopls-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binDir = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

var (
	buildDefault = sync.OnceValues(func() (string, error) { return buildGopls("gopls", false) })
	buildStrict  = sync.OnceValues(func() (string, error) { return buildGopls("gopls-strict", true) })
)

func buildGopls(name string, strict bool) (string, error) {
	program := filepath.Join(binDir, name)
	_, err := goplsbuild.Build(context.Background(), goplsbuild.Request{
		Version: goplsbuild.DefaultVersion, Output: program, Strict: strict, Helper: "always", Log: os.Stderr,
	})
	return program, err
}

// built returns the program, or skips the test if it is not available. Only the
// network may be the reason for that.
func built(t testing.TB, build func() (string, error)) string {
	t.Helper()
	program, err := build()
	if errors.Is(err, goplsbuild.ErrUnreachable) {
		t.Skipf("SKIPPED, gopls cannot be built here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// A project is a workspace on disk with one file that is open in the editor,
// where it has text that the disk has never seen.
type project struct {
	dir, file, text string
}

// layOut writes the files of an archive in testdata. A go.mod in it may require
// the helper: it is the one of this repository.
func layOut(t testing.TB, archive, open string) project {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", archive))
	if err != nil {
		t.Fatal(err)
	}
	files, err := txtar.FS(a)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	helper, err := filepath.Abs("../../atomicfix")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(helper, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.sum"), string(sums))
	cmd := exec.Command("go", "mod", "edit", "-replace", "github.com/edcacfbd/toctou/atomicfix="+helper)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := project{dir: dir, file: filepath.Join(dir, filepath.FromSlash(open))}
	text, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	p.text = string(text)
	write(t, p.file, "package "+filepath.Base(filepath.Dir(p.file))+"\n")
	return p
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// only returns the diagnostic of a source, of which there is one.
func only(t *testing.T, list []diagnostic, source string) diagnostic {
	t.Helper()
	var found []diagnostic
	for _, d := range list {
		if d.Source == source {
			found = append(found, d)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d diagnostics of %s in %+v", len(found), source, list)
	}
	return found[0]
}

func titles(fixes []codeAction) []string {
	var list []string
	for _, fix := range fixes {
		list = append(list, fix.Title)
	}
	return list
}

// TestEditor is a person who writes a file, sees races, and takes the
// fixes one after the other.
func TestEditor(t *testing.T) {
	p := layOut(t, "agent.txtar", "store/store.go")
	b := start(t, built(t, buildDefault), p.dir, nil).open(p.file, p.text)

	// The check is in another package: a fact brings what it does. What a
	// comment silences, in Read, is silent here, too.
	list := b.until("statopen Load", "tornwrite Save", "existscreate Create", "pathreuse Measure")
	d := only(t, list, "statopen")
	if want := "os.ReadFile fails if another process removes the file after the Exists (os.Stat) on line"; !strings.HasPrefix(d.Message, want) {
		t.Errorf("the message is %q, want %q", d.Message, want)
	}
	const warning = 2
	if d.Severity != warning || d.Code != "statopen" || d.CodeDescription == nil || !strings.HasSuffix(d.CodeDescription.Href, "/docs/rules/statopen.md#statopen") {
		t.Errorf("severity %d, code %v, explained at %+v; want a warning with the page of statopen", d.Severity, d.Code, d.CodeDescription)
	}
	if len(d.Related) != 1 || d.Related[0].Location.URI != uri(p.file) || d.Related[0].Location.Range.Start.Line >= d.Range.Start.Line {
		t.Errorf("the check is shown at %+v, want it above the use", d.Related)
	}

	t.Run("fix with an import of the standard library", func(t *testing.T) {
		fixes := b.fixes(d)
		if len(fixes) != 1 {
			t.Fatalf("fixes are %q, want one", titles(fixes))
		}
		b.apply(fixes[0])
		if !strings.Contains(b.text, "\t\"encoding/json\"\n\t\"errors\"\n") {
			t.Errorf("errors is not imported:\n%s", b.text)
		}
		list = b.until("tornwrite Save", "existscreate Create", "pathreuse Measure")
	})
	t.Run("fix with an import of the helper", func(t *testing.T) {
		fixes := b.fixes(only(t, list, "tornwrite"))
		if len(fixes) != 1 {
			t.Fatalf("fixes are %q, want one", titles(fixes))
		}
		b.apply(fixes[0])
		if !strings.Contains(b.text, "\t\"github.com/edcacfbd/toctou/atomicfix\"\n") || !strings.Contains(b.text, "atomicfix.WriteFile(s.path, data, 0o600)") {
			t.Errorf("the helper is not used:\n%s", b.text)
		}
		list = b.until("existscreate Create", "pathreuse Measure")
	})
	t.Run("alternatives", func(t *testing.T) {
		before, d := b.text, only(t, list, "existscreate")
		fixes := b.fixes(d)
		want := []string{"Stage the file with atomicfix.CreateExcl and commit it after the last write", "Open the file with os.O_EXCL"}
		if got := titles(fixes); !slices.Equal(got, want) {
			t.Fatalf("fixes are %q, want %q", got, want)
		}
		for _, fix := range fixes {
			b.apply(fix)
			b.until("pathreuse Measure")
			b.change(before)
			list = b.until("existscreate Create", "pathreuse Measure")
		}
	})
	t.Run("comment", func(t *testing.T) {
		b.change(strings.Replace(b.text, "\tinfo, err := os.Stat(path)", "\t//toctou:ignore nobody else writes there\n\tinfo, err := os.Stat(path)", 1))
		b.until("existscreate Create")
	})
}

// TestSettings checks that a pass is an analysis of its name in the settings.
func TestSettings(t *testing.T) {
	p := layOut(t, "agent.txtar", "store/store.go")
	settings := map[string]any{"analyses": map[string]bool{"statopen": false, "pathreuse": false}}
	b := start(t, built(t, buildDefault), p.dir, settings).open(p.file, p.text)
	b.until("tornwrite Save", "existscreate Create")
}

// TestHelperOutOfReach checks that a fix may import the helper before go.mod
// requires it, and that gopls itself offers the go get then.
func TestHelperOutOfReach(t *testing.T) {
	p := layOut(t, "agent.txtar", "store/store.go")
	write(t, filepath.Join(p.dir, "go.mod"), "module example.com/agent\n\ngo 1.25\n")
	b := start(t, built(t, buildDefault), p.dir, nil).open(p.file, p.text)
	list := b.until("statopen Load", "tornwrite Save", "existscreate Create", "pathreuse Measure")
	b.apply(b.fixes(only(t, list, "tornwrite"))[0])
	list = b.await(b.file, b.version, func(list []diagnostic) bool {
		return slices.ContainsFunc(list, func(d diagnostic) bool { return strings.Contains(d.Message, "toctou/atomicfix") })
	})
	i := slices.IndexFunc(list, func(d diagnostic) bool { return strings.Contains(d.Message, "toctou/atomicfix") })
	want := "go get package github.com/edcacfbd/toctou/atomicfix"
	if got := titles(b.fixes(list[i])); !slices.Contains(got, want) {
		t.Errorf("for %q gopls offers %q, want %q", list[i].Message, got, want)
	}
}

// TestStrict checks that -strict is built in.
func TestStrict(t *testing.T) {
	p := layOut(t, "strict.txtar", "lock/lock.go")
	start(t, built(t, buildDefault), p.dir, nil).open(p.file, p.text).until("existscreate Create")
	start(t, built(t, buildStrict), p.dir, nil).open(p.file, p.text).until("existscreate Create", "statopen Read")
}

// TestNames checks that no pass has the name of another analyzer, whose setting
// would be its own, too.
func TestNames(t *testing.T) {
	out, err := exec.Command(built(t, buildDefault), "api-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var api struct{ Analyzers []struct{ Name string } }
	if err := json.Unmarshal(out, &api); err != nil {
		t.Fatal(err)
	}
	theirs := make(map[string]bool)
	for _, a := range api.Analyzers {
		theirs[a.Name] = true
	}
	if !theirs["printf"] {
		t.Fatalf("%d analyzers, printf not among them", len(theirs))
	}
	for _, a := range gopls.Suite {
		if theirs[a.Name] {
			t.Errorf("gopls has an analyzer %s already", a.Name)
		}
		if a.URL == "" || a.Doc == "" {
			t.Errorf("%s has no address or no documentation", a.Name)
		}
	}
}
