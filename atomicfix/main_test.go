package atomicfix

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// long is for the tests that take minutes: all cells of the tables, and loops of
// half a minute instead of a second.
var long = os.Getenv("ATOMICFIX_LONG") != ""

// Tests that need another process run this binary again, with the name of one
// of these in the environment.
const childVariable = "ATOMICFIX_TEST_CHILD"

var children = map[string]func(args []string) error{}

func TestMain(m *testing.M) {
	name := os.Getenv(childVariable)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := children[name](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// during is how long a test tries to provoke a race.
func during() time.Duration {
	if long {
		return 30 * time.Second
	}
	return time.Second
}

// child prepares to run one of children.
func child(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	if children[name] == nil {
		t.Fatalf("no child %s", name)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = append(os.Environ(), childVariable+"="+name)
	return cmd
}

const (
	oldText = "the old content, which is the longer of the two"
	newText = "the new content"
)

// text is the content of a file, "-" if there is none.
func text(name string) string {
	data, err := os.ReadFile(name)
	if absent(err) {
		return "-"
	}
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// put writes a file and gives it exactly the mode.
func put(t testing.TB, name, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, mode); err != nil {
		t.Fatal(err)
	}
}

func temporaries(t testing.TB, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix) && strings.HasSuffix(e.Name(), tempSuffix) {
			names = append(names, e.Name())
		}
	}
	return names
}
