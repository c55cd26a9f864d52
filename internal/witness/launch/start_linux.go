package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/edcacfbd/toctou/internal/witness/wire"
)

// Main is the program that go test -exec starts: in the directory of a package, with
// the test binary and its arguments. It returns only if that fails.
//
//	toctou witness-exec SESSION a.test -test.v
//
// It keeps the test binary, makes the directories of the run, gives up the right to
// write anywhere else, and executes itself to supervise the run.
func Main(args []string) int {
	if len(args) >= 2 && args[0] == superviseWord {
		return supervise(args[1], args[2:])
	}
	err := errors.New("it is started by toctou witness alone")
	if len(args) >= 2 {
		err = start(args[0], args[1:])
	}
	fmt.Fprintf(os.Stderr, "toctou witness: %v\n", err)
	return 2
}

// superviseWord is what the program executes itself with.
const superviseWord = "-supervise"

// RunVariable names the directory of a run that is made ready already.
const RunVariable = "TOCTOU_WITNESS_RUN"

// start makes a run ready and executes its supervisor.
func start(session string, command []string) error {
	s, err := LoadSession(session)
	if err != nil {
		return err
	}
	wd, err := os.Getwd()
	if err != nil {
		return err
	}
	r := &Run{Session: session, Copies: s.Copies}
	dir := s.Packages[wd]
	if prepared := os.Getenv(RunVariable); prepared != "" {
		if r, err = loadRun(prepared); err != nil {
			return err
		}
		dir = wd
	} else {
		if dir == "" {
			return fmt.Errorf("%s is none of the packages", wd)
		}
		if command[0], err = keep(session, wd, command[0]); err != nil {
			return err
		}
		r.Dir = RecordDir(session, wd)
		if err := Prepare(r); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return fmt.Errorf("the copy of the package is gone, which another test may have removed: %w", err)
	}
	env := s.environ(r.Dir, dir)

	// What is written after this is written to files that are open already.
	//toctou:ignore tornwrite its reader waits for the end of this process
	result, err := unix.Open(filepath.Join(r.Dir, resultFile), unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := unix.Dup3(result, resultFD, 0); result != resultFD && err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if Confines() == nil {
		if err := confine(append(privateDirs(r.Dir), append(r.Copies, filepath.Join(session, "cache"))...), []string{filepath.Join(r.Dir, logFile)}); err != nil {
			return err
		}
	} else if r.Plan != nil {
		return errors.New("nothing is changed without Landlock")
	}
	return unix.Exec(self, append([]string{self, "witness-exec", superviseWord, r.Dir}, command...), env)
}

// resultFD is the descriptor to which the supervisor writes the result.
const resultFD = 3

// RecordDir returns the directory of the run that records the tests of a package.
func RecordDir(session, pkgDir string) string {
	return filepath.Join(session, "r", "0"+short(pkgDir))
}

// Binary returns the test binary of a package that was kept.
func Binary(session, pkgDir string) string {
	return filepath.Join(session, "bin", short(pkgDir)+".test")
}

// keep copies the test binary, which the go command removes.
func keep(session, pkgDir, binary string) (string, error) {
	info, err := os.Stat(binary)
	if err != nil {
		return "", err
	}
	target := Binary(session, pkgDir)
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := copyFile(binary, target, info); err != nil {
		return "", err
	}
	return target, nil
}

// subdirs are the directories of a run that its tests may change: for temporaries,
// the home directory, what is moved aside, and what links lead to.
var subdirs = []string{"t", "h", "aside", "outside"}

func privateDirs(run string) []string {
	list := make([]string, len(subdirs))
	for i, name := range subdirs {
		list[i] = filepath.Join(run, name)
	}
	return list
}

// Prepare makes the directories and the files of a run.
func Prepare(r *Run) error {
	for _, dir := range privateDirs(r.Dir) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(filepath.Join(r.Dir, logFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Truncate(wire.Size); err != nil {
		return err
	}
	mem, err := unix.Mmap(int(f.Fd()), 0, wire.Size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return err
	}
	wire.Memory(mem).Init(r.Plan)
	if err := unix.Munmap(mem); err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.Dir, runFile), text, 0o600) //toctou:ignore tornwrite written before those that read it start
}

// runFile describes a run.
const runFile = "run.json"

func loadRun(dir string) (*Run, error) {
	text, err := os.ReadFile(filepath.Join(dir, runFile))
	if err != nil {
		return nil, err
	}
	r := new(Run)
	return r, json.Unmarshal(text, r)
}

// environ returns the environment of a test binary: the user's, with other
// directories.
func (s *Session) environ(run, dir string) []string {
	env := []string{
		"TMPDIR=" + filepath.Join(run, "t"),
		"HOME=" + filepath.Join(run, "h"),
		"PWD=" + dir,
		"TOCTOU_WITNESS=" + filepath.Join(run, logFile),
	}
	env = append(env, s.Env...)
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch {
		case name == "TMPDIR", name == "GOTMPDIR", name == "HOME", name == "PWD", name == RunVariable,
			strings.HasPrefix(name, "XDG_"), strings.HasPrefix(name, "TOCTOU_"):
		case hasVariable(s.Env, name):
		default:
			env = append(env, v)
		}
	}
	return env
}

func hasVariable(env []string, name string) bool {
	for _, v := range env {
		if strings.HasPrefix(v, name+"=") {
			return true
		}
	}
	return false
}
