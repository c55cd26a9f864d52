package witness

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/witness/launch"
)

// TestMain lets the test binary be the program that go test -exec starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == ExecWord {
		os.Exit(launch.Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// needs skips a test where nothing can be witnessed.
func needs(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("tests are witnessed on Linux only")
	}
	if err := launch.Confines(); err != nil {
		t.Skip(err)
	}
	if testing.Short() {
		t.Skip("builds a standard library")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command")
	}
}

const program = `package p

import (
	"errors"
	"io/fs"
	"os"
)

func Load(path string) ([]byte, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	return data, err
}
`

// careless has tests that do what no test should.
const careless = `package p

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// TestA removes the tree that it is in, and writes where its source says that it is.
func TestA(t *testing.T) {
	_, file, _, _ := runtime.Caller(0)
	home := filepath.Dir(file)
	wd, _ := os.Getwd()
	if wd == home {
		t.Error("the tests run in the module itself")
	}
	os.Remove(file)
	os.RemoveAll(home)
	os.Rename(filepath.Join(home, "p.go"), filepath.Join(os.TempDir(), "p.go"))
	os.Rename(home, home+"2")
	os.Mkdir(filepath.Join(home, "planted"), 0o777)
	os.WriteFile(filepath.Join(home, "p.go"), nil, 0o666)
	os.Truncate(file, 0)
	os.Symlink("/", filepath.Join(home, "link"))
	os.Symlink(home, filepath.Join(os.TempDir(), "out"))
	os.WriteFile(filepath.Join(os.TempDir(), "out", "planted"), nil, 0o666)
	exec.Command("sh", "-c", "echo planted > "+filepath.Join(home, "planted.txt")).Run()
	os.RemoveAll(filepath.Dir(wd))
	os.RemoveAll(os.TempDir())
	os.RemoveAll(os.Getenv("HOME"))
	os.MkdirAll(os.TempDir(), 0o700) // it cannot
}

// TestC leaves processes behind.
func TestC(t *testing.T) {
	cmd := exec.Command("sh", "-c", "(sleep 271.8281 & sleep 271.8281) &")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func TestLoad(t *testing.T) {
	path := filepath.Join(os.Getenv("HOME"), "..", "t", "f")
	os.MkdirAll(filepath.Dir(path), 0o700)
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := Load(path); err != nil {
		t.Error(err)
	}
}

// TestZ closes all descriptors that it does not know.
func TestZ(t *testing.T) {
	for fd := 3; fd < 64; fd++ {
		syscall.Close(fd)
	}
	os.Stat("/")
}
`

const hanging = `package hang

import (
	"os"
	"testing"
	"time"

	"m/p"
)

func TestHang(t *testing.T) {
	p.Load(os.Args[0])
	time.Sleep(time.Hour)
}
`

// TestCareless witnesses the finding of a module whose tests remove their tree, write
// elsewhere, close what is not theirs, leave processes behind, and hang: nothing of the
// user's is touched, and the finding is confirmed all the same.
func TestCareless(t *testing.T) {
	needs(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.25\n", "p/p.go": program, "p/p_test.go": careless, "hang/hang_test.go": hanging,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOWORK", "off")
	private := t.TempDir() // where copies are made
	t.Setenv("TMPDIR", private)
	before, err := launch.StampOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	f := specimen(t, dir, "p/p.go", "os.Stat(path)", "os.ReadFile(path)")
	var log bytes.Buffer
	report, err := Run(context.Background(), &Request{
		Dir: dir, Patterns: []string{"./..."}, Findings: []*finding.Finding{f}, Timeout: 8 * time.Second, Log: &log,
	})
	if err != nil {
		t.Fatal(err)
	}
	if after, err := launch.StampOf(dir); err != nil || !after.Equal(before) {
		t.Errorf("the module has changed: %v", err)
	}
	if f.Witness.Verdict != finding.Confirmed || f.Witness.Test != "TestLoad" || !strings.Contains(f.Witness.Text, "Load returned the error of os.ReadFile (no such file or directory)") {
		t.Errorf("%v", f.Witness)
	}
	if !strings.Contains(strings.Join(report.Notes, "\n"), "m/hang: the tests took longer than 8s and were ended") {
		t.Errorf("notes: %q", report.Notes)
	}
	if left := sleeping(t); left > 0 {
		t.Errorf("%d processes are left", left)
	}
	if left, _ := os.ReadDir(private); len(left) > 0 {
		t.Errorf("%s is left", left[0])
	}
	if t.Failed() {
		t.Log(log.String())
		for _, r := range report.Recorded {
			t.Log(r.Package.ImportPath, r.Problem, r.Tests)
		}
	}
}

// specimen returns a finding of opens-vanished with check and use in a file.
func specimen(t *testing.T, dir, name, check, use string) *finding.Finding {
	t.Helper()
	file := filepath.Join(dir, name)
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	place := func(what string) finding.Place {
		at := strings.Index(string(src), what)
		if at < 0 {
			t.Fatalf("%s does not have %s", name, what)
		}
		line := 1 + strings.Count(string(src[:at]), "\n")
		operation, _, _ := strings.Cut(what, "(")
		return finding.Place{Path: file, Start: finding.Position{Line: line, Offset: at}, End: finding.Position{Line: line}, Operation: operation}
	}
	c := place(check)
	return &finding.Finding{Package: "m/p", Function: "Load", Reason: finding.Reason{ID: "opens-vanished"}, Use: place(use), Check: &c}
}

// sleeping counts the processes that a careless test has started.
func sleeping(t *testing.T) int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		if text, _ := os.ReadFile(file); strings.HasPrefix(string(text), "sleep\x00271.8281") {
			n++
		}
	}
	return n
}
