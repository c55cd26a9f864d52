//go:build e2e

package precommit

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/edcacfbd/toctou/internal/scripttest"
)

const racy = `package m

import (
	"os"
	"time"
)

// Age returns how old the open file is.
func Age(path string) (time.Duration, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return time.Since(info.ModTime()), nil
}
`

// TestHooks has pre-commit install the hooks from the work tree of this repository,
// with the configuration that docs/ci.md shows, and run them on a module.
func TestHooks(t *testing.T) {
	if _, err := exec.LookPath("pre-commit"); err != nil {
		t.Skip("SKIPPED, NOTHING WAS TESTED: pre-commit is not installed")
	}
	hooks := repository(t)

	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/m\n\ngo 1.25.0\n")
	write(t, dir, "m.go", racy)
	write(t, dir, ".pre-commit-config.yaml", documented(t, hooks))
	scripttest.Commit(t, dir, "v1")

	// The race is found, and the commit is refused.
	home := t.TempDir()
	run := func(hook string) (string, int) {
		t.Helper()
		cmd := exec.Command("pre-commit", "run", "--all-files", "--hook-stage=manual", hook)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(),
			"PRE_COMMIT_HOME="+home, "GOWORK=off",
			// Else pre-commit downloads all modules once more.
			"GOMODCACHE="+scripttest.Output(t, dir, nil, "go", "env", "GOMODCACHE"))
		out, err := cmd.CombinedOutput()
		if err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	out, status := run("toctou")
	if status != 1 || !strings.Contains(out, "m.go:15:15: os.Stat looks up the path again") {
		t.Fatalf("toctou ends with %d and says:\n%s", status, out)
	}

	// It is fixed, which refuses the commit once more, for the change.
	out, status = run("toctou-fix")
	if status != 1 || !strings.Contains(out, "files were modified by this hook") {
		t.Fatalf("toctou-fix ends with %d and says:\n%s", status, out)
	}
	fixed, err := os.ReadFile(filepath.Join(dir, "m.go"))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(racy, "os.Stat(path)", "f.Stat()", 1); string(fixed) != want {
		t.Errorf("toctou-fix makes this of m.go:\n%s", fixed)
	}

	// Nothing is left to be said.
	for _, hook := range []string{"toctou", "toctou-fix"} {
		if out, status := run(hook); status != 0 {
			t.Errorf("%s, once more, ends with %d and says:\n%s", hook, status, out)
		}
	}
}

// version is the one that the hooks are installed from.
const version = "v0.0.1"

// documented returns the configuration that docs/ci.md shows, with the
// repository and the version of the test.
func documented(t *testing.T, repo string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("(?s)```yaml\n# \\.pre-commit-config\\.yaml\n(.*?)```").FindSubmatch(page)
	if found == nil {
		t.Fatal("docs/ci.md shows no .pre-commit-config.yaml")
	}
	text := regexp.MustCompile(`(?m)repo: .*$`).ReplaceAllLiteralString(string(found[1]), "repo: file://"+filepath.ToSlash(repo))
	return regexp.MustCompile(`(?m)rev: .*$`).ReplaceAllLiteralString(text, "rev: "+version)
}

// repository returns a copy of this repository that has committed what is not
// committed here.
func repository(t *testing.T) string {
	t.Helper()
	root := filepath.Join("..", "..")
	dir := t.TempDir()
	files := scripttest.Output(t, root, nil, "git", "ls-files", "--cached", "--others", "--exclude-standard")
	for name := range strings.Lines(files) {
		name = filepath.FromSlash(strings.TrimSpace(name))
		data, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // removed, and not committed
		}
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, name, string(data))
	}
	scripttest.Commit(t, dir, version)
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
