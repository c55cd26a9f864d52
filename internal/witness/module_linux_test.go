package witness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/edcacfbd/toctou/internal/finding"
	"github.com/edcacfbd/toctou/internal/scripttest"
	"github.com/edcacfbd/toctou/internal/witness/launch"
	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// TestModule witnesses a finding in a module that has all at once what go test can be
// given: a vendored dependency, which has the check; cgo; the race detector, by GOFLAGS;
// an overlay of the user's, without which it does not compile; a space in its path; and
// a toolchain in the module cache, where the go command refuses overlays.
func TestModule(t *testing.T) {
	needs(t)
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || strings.TrimSpace(string(out)) != "1" {
		t.Skipf("needs cgo: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "my modules", "m")
	scripttest.WriteFiles(t, dir, map[string]string{
		"go.mod":                              "module m\n\ngo 1.25\n\nrequire example.com/look v1.0.0\n",
		"vendor/modules.txt":                  "# example.com/look v1.0.0\n## explicit; go 1.25\nexample.com/look\n",
		"vendor/example.com/look/look.go":     "package look\n\nimport \"os\"\n\nfunc Absent(path string) bool {\n\t_, err := os.Stat(path)\n\treturn os.IsNotExist(err)\n}\n",
		"p/p.go":                              "package p\n",
		"p/c.go":                              "package p\n\n// static int answer(void) { return 42; }\nimport \"C\"\n\nfunc Answer() int { return int(C.answer()) }\n",
		"p/race.go":                           "//go:build race\n\npackage p\n\nconst detects = true\n",
		"p/norace.go":                         "//go:build !race\n\npackage p\n\nconst detects = false\n",
		"p/types.go":                          typesProgram,
		"p/p_test.go":                         moduleTest,
		"elsewhere/of the user/overlaid.go":   strings.ReplaceAll(strings.ReplaceAll(program, "_, err := os.Stat(path); errors.Is(err, fs.ErrNotExist)", "look.Absent(path)"), "\"errors\"\n\t\"io/fs\"\n\t\"os\"", "\"os\"\n\n\t\"example.com/look\""),
		"elsewhere/of the user/unrelated.txt": "",
	})
	overlaid := filepath.Join(dir, "elsewhere", "of the user", "overlaid.go")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join("p", "p.go"): overlaid}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(overlay, list, 0o666); err != nil {
		t.Fatal(err)
	}
	inModuleCache(t, dir)
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-race -mod=vendor -overlay="+overlay)
	f := specimen(t, dir, filepath.Join("elsewhere", "of the user", "overlaid.go"), "look.Absent(path)", "os.ReadFile(path)")
	f.Use.Path, f.Check.Path = filepath.Join(dir, "p", "p.go"), filepath.Join(dir, "p", "p.go")

	link, pipe := specimen(t, dir, "p/types.go", "os.Lstat(path)", "os.ReadFile(path) // not of a link"), specimen(t, dir, "p/types.go", "os.Stat(path)", "os.ReadFile(path) // not of a pipe")
	for name, f := range map[string]*finding.Finding{"LoadOwn": link, "LoadRegular": pipe} {
		f.Function, f.Aspect, f.Reason.ID = name, "type", map[string]string{"LoadOwn": "restriction-bypassed", "LoadRegular": "type-restriction-bypassed"}[name]
	}

	ctx := context.Background()
	var log bytes.Buffer
	w := &work{Request: &Request{Dir: dir, Patterns: []string{"./..."}, Findings: []*finding.Finding{f, link, pipe}, Timeout: time.Minute, Log: &log}, report: new(Report)}
	if err := w.prepare(ctx); err != nil {
		t.Fatal(err)
	}
	defer w.clean()
	if err := w.record(ctx); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}

	// -record says which test runs it, and runs it no second time.
	w.RecordOnly = true
	if got := w.witness(ctx, f); got.Verdict != finding.NotComparable || got.Test != "TestLoad" || got.Text != "TestLoad runs it; nothing was changed: -record" || w.runs != 0 {
		t.Errorf("%d runs: %v", w.runs, got)
	}
	w.RecordOnly = false
	got := w.witness(ctx, f)
	if got.Verdict != finding.Confirmed || got.Test != "TestLoad" || !strings.Contains(got.Text, "Load returned the error of os.ReadFile (no such file or directory)") {
		t.Errorf("%v\n%s%v", got, log.String(), w.report.Recorded[0].Tests)
	}
	if w.runs != 2 {
		t.Errorf("a confirmation takes %d runs more", w.runs)
	}
	// A check of the type is shown by an object of another type.
	for thing, f := range map[string]*finding.Finding{"link": link, "pipe": pipe} {
		if got := w.witness(ctx, f); got.Verdict != finding.Confirmed || got.Text != "a "+thing+" took the place in the window, and os.ReadFile used it; before the check the same is refused" {
			t.Error(got)
		}
	}
}

// typesProgram has functions that restrict the type of a file.
const typesProgram = `package p

import (
	"errors"
	"os"
)

func LoadOwn(path string) ([]byte, error) {
	if fi, err := os.Lstat(path); err != nil || !fi.Mode().IsRegular() {
		return nil, errors.New("no file")
	}
	data, err := os.ReadFile(path) // not of a link
	return data, err
}

func LoadRegular(path string) ([]byte, error) {
	if fi, err := os.Stat(path); err != nil || !fi.Mode().IsRegular() {
		return nil, errors.New("no file")
	}
	data, err := os.ReadFile(path) // not of a pipe
	return data, err
}
`

// moduleTest fails unless the race detector and cgo are there. Many goroutines record at
// the same time, which the race detector watches.
const moduleTest = `package p

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(m.Run()) }

func TestLoad(t *testing.T) {
	if !detects || Answer() != 42 {
		t.Fatal("no race detector, or no cgo")
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, load := range []func(string) ([]byte, error){Load, LoadOwn, LoadRegular} {
		if _, err := load(path); err != nil {
			t.Error(err)
		}
	}
}

func TestParallel(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				os.Stat(dir)
				Load(filepath.Join(dir, "absent"))
			}
		})
	}
	all.Wait()
}
`

// inModuleCache has the go command take a toolchain below its module cache: a link to
// the one that runs the test. The go command refuses to replace files there.
func inModuleCache(t *testing.T, dir string) {
	t.Helper()
	cache := t.TempDir()
	root := filepath.Join(cache, "golang.org", "toolchain@v0.0.1-"+runtime.Version()+".linux-amd64")
	if err := os.MkdirAll(filepath.Dir(root), 0o777); err != nil {
		t.Fatal(err)
	}
	real := scripttest.Output(t, dir, nil, "go", "env", "GOROOT")
	if err := os.Symlink(real, root); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", scripttest.Output(t, dir, nil, "go", "env", "GOCACHE"))
	t.Setenv("XDG_CACHE_HOME", t.TempDir()) // the link to the toolchain is made there
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GOROOT", root)
	list := filepath.Join(t.TempDir(), "refused.json")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, "src", "os", "stat.go"): filepath.Join(real, "src", "os", "stat.go")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, text, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "list", "-overlay="+list, "os")
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "GOMODCACHE") {
		t.Errorf("the go command does not refuse it any more: %s", out)
	}
}

// refuseLandlock makes the system call by which Landlock begins one that the kernel does
// not know, for this process and for what it starts.
func refuseLandlock(t *testing.T) {
	t.Helper()
	const number = 0 // offset in struct seccomp_data
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: number},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_LANDLOCK_CREATE_RULESET, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		t.Fatal(err)
	}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		t.Fatal(errno)
	}
}

// TestWithoutLandlock witnesses a finding where the kernel has no Landlock: its test is
// recorded, nothing is changed, and both are said.
func TestWithoutLandlock(t *testing.T) {
	const inside = "TOCTOU_TEST_WITHOUT_LANDLOCK"
	if os.Getenv(inside) == "" {
		needs(t)
		cmd := exec.Command(os.Args[0], "-test.run=^TestWithoutLandlock$", "-test.v")
		cmd.Env = append(os.Environ(), inside+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: TestWithoutLandlock") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	refuseLandlock(t)
	dir := t.TempDir()
	scripttest.WriteFiles(t, dir, map[string]string{
		"go.mod": "module m\n\ngo 1.25\n", "p/p.go": program, "p/p_test.go": plainTest,
	})
	t.Setenv("GOWORK", "off")
	f := specimen(t, dir, "p/p.go", "os.Stat(path)", "os.ReadFile(path)")
	report, err := Run(context.Background(), &Request{Dir: dir, Patterns: []string{"./..."}, Findings: []*finding.Finding{f}, Timeout: time.Minute, Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	const none = "this kernel has no Landlock: function not implemented"
	if f.Witness.Verdict != finding.NotComparable || f.Witness.Text != "ExampleLoad runs it; nothing was changed: "+none {
		t.Errorf("%v", f.Witness)
	}
	if len(report.Notes) != 1 || report.Notes[0] != none+": the tests were only recorded, in copies" {
		t.Errorf("%q", report.Notes)
	}
	// If a plan is there all the same, the test binary is not started.
	run := &launch.Run{Session: dir, Dir: filepath.Join(t.TempDir(), "r"), Plan: &wire.Plan{}, Change: &launch.Change{What: launch.Vanish}}
	if err := errors.Join((&launch.Session{Dir: dir}).Save(), launch.Prepare(run)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], ExecWord, dir, "/bin/sh", "-c", "echo started")
	cmd.Env = append(os.Environ(), launch.RunVariable+"="+run.Dir)
	if out, err := cmd.CombinedOutput(); err == nil || string(out) != "toctou witness: nothing is changed without Landlock\n" {
		t.Errorf("%v: %s", err, out)
	}
}

// plainTest is an example of the function in program.
const plainTest = `package p

import (
	"fmt"
	"os"
	"path/filepath"
)

func ExampleLoad() {
	path := filepath.Join(os.TempDir(), "f")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		panic(err)
	}
	data, err := Load(path)
	fmt.Println(string(data), err)
	// Output: x <nil>
}
`

// TestStopped ends a run while a test hangs, in a module that a link leads to: nothing is
// left.
func TestStopped(t *testing.T) {
	needs(t)
	dir := filepath.Join(t.TempDir(), "link")
	scripttest.WriteFiles(t, dir+"-leads", map[string]string{
		"go.mod": "module m\n\ngo 1.25\n", "p/p.go": program,
		"p/p_test.go": "package p\n\nimport (\n\t\"os\"\n\t\"os/exec\"\n\t\"testing\"\n\t\"time\"\n)\n\n" +
			"func TestLoad(t *testing.T) {\n\tLoad(os.Args[0])\n\tt.Log(exec.Command(\"sleep\", \"271.8281\").Start(), \"waits\")\n\ttime.Sleep(time.Hour)\n}\n",
	})
	private := t.TempDir()
	t.Setenv("GOWORK", "off")
	t.Setenv("TMPDIR", private)
	if err := os.Symlink(dir+"-leads", dir); err != nil {
		t.Fatal(err)
	}
	f := specimen(t, dir, "p/p.go", "os.Stat(path)", "os.ReadFile(path)")
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	_, err := Run(ctx, &Request{Dir: dir, Patterns: []string{"./..."}, Findings: []*finding.Finding{f}, Timeout: time.Hour, Log: os.Stderr,
		Output: watcher{"waits", stop}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v; %v", err, f.Witness)
	}
	for until := time.Now().Add(20 * time.Second); sleeping(t) > 0 && time.Now().Before(until); { // the supervisor ends them by itself
		time.Sleep(10 * time.Millisecond)
	}
	if left, _ := os.ReadDir(private); len(left) > 0 || sleeping(t) > 0 {
		t.Errorf("%v and %d processes are left", left, sleeping(t))
	}
}

// A watcher calls a function when something is written that has a word.
type watcher struct {
	word string
	do   func()
}

func (w watcher) Write(text []byte) (int, error) {
	if strings.Contains(string(text), w.word) {
		w.do()
	}
	return len(text), nil
}
