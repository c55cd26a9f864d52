package atomicfix

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// This table runs os.WriteFile and WriteFile on equal files and compares what
// they say and what they leave.

const (
	somebody = 54321 // the ordinary user, and a group of no importance
	stranger = 12345 // another one
)

// A cell is one row of the table. Every combination of its fields that makes
// sense is there.
type cell struct {
	UID    int
	Umask  int
	Dir    dirKind
	Type   string
	Mode   uint32 // of the existing file
	Theirs bool   // it belongs to another user
	Perm   uint32 // passed to WriteFile
}

type dirKind struct {
	Mode   uint32
	Theirs bool
}

func (c cell) String() string {
	return fmt.Sprintf("uid %d, umask %04o, directory %04o (theirs %v), %s %04o (theirs %v), perm %04o",
		c.UID, c.Umask, c.Dir.Mode, c.Dir.Theirs, c.Type, c.Mode, c.Theirs, c.Perm)
}

// differs names what the two functions may leave differently, and why. All
// else must be the same.
func (c cell) differs(o, a outcome) (reason string) {
	if c.Type == "hard link" && o.Err == "" {
		o.Other, a.Other = "", ""
		if o.equal(a) {
			return "the other name of a replaced file keeps the old content"
		}
	}
	return ""
}

func cells(uid, umask int) (all []cell) {
	perms := []uint32{0o666, 0o755, 0o400}
	modes := []uint32{0o644, 0o666, 0o444, 0o200, 0o6711}
	mode := []uint32{0o777}
	if long {
		perms = append(perms, 0o600, 0)
		modes = append(modes, 0o600, 0o400, 0, 0o755, 0o4755, 0o2755, 0o2644)
		mode = append(mode, 0o600)
	}
	dirs := []dirKind{{0o755, false}, {0o300, false}, {0o555, false}, {0o600, false}, {0o2775, false},
		{0o755, true}, {0o711, true}, {0o777, true}, {0o1777, true}, {0o1775, true}}
	for _, dir := range dirs {
		c := cell{UID: uid, Umask: umask, Dir: dir}
		for _, c.Type = range []string{"absent", "dangling link", "loop", "directory", "FIFO", "socket", "long name", "slash", "link to nowhere"} {
			for _, c.Perm = range perms {
				all = append(all, c)
			}
		}
		for _, c.Type = range []string{"regular", "link", "chain", "hard link", "device"} {
			for _, c.Mode = range modes {
				for _, c.Theirs = range []bool{false, true} {
					for _, c.Perm = range mode {
						all = append(all, c)
					}
				}
			}
		}
	}
	return all
}

// An outcome is the error and all that can be seen afterwards.
type outcome struct {
	Err     string
	Name    string // type, mode and owner of the name itself
	Target  string // mode, owner and content of what it leads to
	Other   string // of the hard link
	Entries []string
}

func (o outcome) equal(a outcome) bool {
	return o.Err == a.Err && o.Name == a.Name && o.Target == a.Target && o.Other == a.Other && slices.Equal(o.Entries, a.Entries)
}

// file is the name that the cell writes to.
func (c cell) file() string {
	switch c.Type {
	case "long name":
		return strings.Repeat("n", 255)
	case "slash":
		return "f/"
	}
	return "f"
}

// make lays out the files of c in dir and returns what a FIFO gets.
func (c cell) make(t *testing.T, dir string) (fifo *os.File) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v: %v", c, err)
		}
	}
	own := func(name string, theirs bool, mode uint32) {
		t.Helper()
		uid := c.UID
		if theirs {
			uid = stranger
		}
		if os.Getuid() == 0 {
			must(os.Lchown(name, uid, uid))
		}
		must(syscall.Chmod(name, mode)) // after chown, which clears setuid
	}
	must(os.Mkdir(dir, 0o700))
	f := filepath.Join(dir, "f")
	switch c.Type {
	case "regular":
		put(t, f, oldText, 0o600)
		own(f, c.Theirs, c.Mode)
	case "hard link":
		put(t, f, oldText, 0o600)
		own(f, c.Theirs, c.Mode)
		must(os.Link(f, filepath.Join(dir, "other")))
	case "link", "chain":
		put(t, filepath.Join(dir, "g"), oldText, 0o600)
		own(filepath.Join(dir, "g"), c.Theirs, c.Mode)
		if c.Type == "link" {
			must(os.Symlink("g", f))
			break
		}
		must(os.Symlink("./h", f))
		must(os.Symlink(filepath.Join(dir, "g"), filepath.Join(dir, "h")))
	case "dangling link":
		must(os.Symlink("g", f))
	case "link to nowhere":
		must(os.Symlink("no/such/g", f))
	case "loop":
		must(os.Symlink("g", f))
		must(os.Symlink("f", filepath.Join(dir, "g")))
	case "directory":
		must(os.Mkdir(f, 0o755))
	case "FIFO":
		must(syscall.Mkfifo(f, 0o600))
		own(f, false, 0o622)
		var err error
		fifo, err = os.OpenFile(f, os.O_RDWR|syscall.O_NONBLOCK, 0)
		must(err)
	case "socket":
		fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
		must(err)
		defer syscall.Close(fd)
		must(syscall.Bind(fd, &syscall.SockaddrUnix{Name: f}))
		own(f, false, 0o777)
	case "device":
		must(syscall.Mknod(f, syscall.S_IFCHR|0o600, int(unix.Mkdev(1, 3)))) // null
		own(f, c.Theirs, c.Mode)
	}
	for _, link := range []string{"f", "h"} {
		if info, err := os.Lstat(filepath.Join(dir, link)); err == nil && info.Mode()&fs.ModeSymlink != 0 && os.Getuid() == 0 {
			must(os.Lchown(filepath.Join(dir, link), c.UID, c.UID))
		}
	}
	own(dir, c.Dir.Theirs, c.Dir.Mode)
	return fifo
}

func (c cell) look(dir string, fifo *os.File) (o outcome) {
	describe := func(info fs.FileInfo, err error) string {
		if err != nil {
			return "-"
		}
		st := info.Sys().(*syscall.Stat_t)
		return fmt.Sprint(info.Mode(), st.Uid, st.Gid)
	}
	name := filepath.Join(dir, strings.TrimSuffix(c.file(), "/"))
	o.Name = describe(os.Lstat(name))
	info, err := os.Stat(name)
	o.Target = describe(info, err)
	if err == nil && info.Mode().IsRegular() {
		o.Target += readAnyway(name)
	}
	if fifo != nil {
		buf := make([]byte, 100)
		n, _ := syscall.Read(int(fifo.Fd()), buf)
		o.Target += string(buf[:max(n, 0)])
	}
	if c.Type == "hard link" {
		o.Other = describe(os.Lstat(filepath.Join(dir, "other"))) + readAnyway(filepath.Join(dir, "other"))
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		o.Entries = append(o.Entries, e.Name())
	}
	return o
}

// readAnyway reads a file that its owner may not read, and leaves it readable.
func readAnyway(name string) string {
	if os.Getuid() != 0 {
		os.Chmod(name, 0o600)
	}
	return text(name)
}

// A job is one call for the child to make.
type job struct {
	File   string
	Perm   uint32
	Atomic bool
}

func init() {
	children["equivalence"] = func(args []string) error {
		var umask int
		fmt.Sscan(args[0], &umask)
		syscall.Umask(umask)
		var jobs []job
		if err := json.NewDecoder(os.Stdin).Decode(&jobs); err != nil {
			return err
		}
		results := []string{}
		for _, j := range jobs {
			write := os.WriteFile
			if j.Atomic {
				write = With(NoSync()).WriteFile // the steps are the same
			}
			results = append(results, errText(j.File, write(j.File, []byte(newText), fs.FileMode(j.Perm))))
		}
		return json.NewEncoder(os.Stdout).Encode(results)
	}
}

// errText is what a caller can see of an error.
func errText(name string, err error) string {
	if err == nil {
		return ""
	}
	var e *fs.PathError
	if !errors.As(err, &e) || e.Path != name {
		return fmt.Sprintf("no *PathError of %s: %v", name, err)
	}
	return fmt.Sprintf("%s %v", e.Op, e.Err)
}

func TestEquivalence(t *testing.T) {
	uids := []int{os.Getuid()}
	if os.Getuid() == 0 {
		uids = append(uids, somebody)
	} else {
		t.Log("without root: no other users, no devices")
	}
	for _, uid := range uids {
		for _, umask := range []int{0, 0o022, 0o077} {
			t.Run(fmt.Sprintf("uid=%d/umask=%03o", uid, umask), func(t *testing.T) {
				t.Parallel()
				testEquivalence(t, uid, umask)
			})
		}
	}
}

func testEquivalence(t *testing.T, uid, umask int) {
	base := openTempDir(t)
	type row struct {
		cell
		dirs  [2]string
		fifos [2]*os.File
	}
	var rows []row
	var jobs []job
	for i, c := range cells(uid, umask) {
		if os.Getuid() != 0 && (c.Theirs || c.Dir.Theirs || c.Type == "device") {
			continue
		}
		r := row{cell: c}
		for k, fn := range []string{"os", "atomicfix"} {
			r.dirs[k] = filepath.Join(base, fmt.Sprint(fn, i))
			r.fifos[k] = c.make(t, r.dirs[k])
			jobs = append(jobs, job{r.dirs[k] + "/" + c.file(), c.Perm, k == 1})
		}
		rows = append(rows, r)
	}
	results := runEquivalence(t, base, uid, umask, jobs)
	counts := map[string]int{}
	for i, r := range rows {
		var o [2]outcome
		for k := range o {
			if os.Getuid() != 0 {
				os.Chmod(r.dirs[k], 0o700)
			}
			o[k] = r.look(r.dirs[k], r.fifos[k])
			o[k].Err = results[2*i+k]
			if r.fifos[k] != nil {
				r.fifos[k].Close()
			}
		}
		switch {
		case o[0].equal(o[1]):
			counts["same, error "+fmt.Sprint(o[0].Err != "")]++
		case r.differs(o[0], o[1]) != "":
			counts["documented: "+r.differs(o[0], o[1])]++
		default:
			t.Errorf("%v:\n  os.WriteFile %+v\n     WriteFile %+v", r.cell, o[0], o[1])
		}
	}
	t.Logf("%d cells: %v", len(rows), counts)
	if counts["same, error true"] < len(rows)/50 || counts["same, error false"] < len(rows)/50 {
		t.Errorf("the table shows too little: %v", counts)
	}
}

// childAs prepares to run one of children as a user. dir is one that he may
// search.
func childAs(t *testing.T, dir string, uid int, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := child(t, name, args...)
	if uid == os.Getuid() {
		return cmd
	}
	// go test keeps the binary where only root may look.
	exe := filepath.Join(dir, ".test")
	if _, err := os.Stat(exe); err != nil {
		data, err := os.ReadFile(cmd.Path)
		if err != nil {
			t.Fatal(err)
		}
		// Another test's fork must not take with it a descriptor that writes (ETXTBSY).
		syscall.ForkLock.RLock()
		err = os.WriteFile(exe, data, 0o755)
		syscall.ForkLock.RUnlock()
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd.Path = exe
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	return cmd
}

func runEquivalence(t *testing.T, base string, uid, umask int, jobs []job) (results []string) {
	cmd := childAs(t, base, uid, "equivalence", fmt.Sprint(umask))
	cmd.Dir = base
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		json.NewEncoder(in).Encode(jobs)
		in.Close()
	}()
	data, _ := io.ReadAll(out)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &results); err != nil || len(results) != len(jobs) {
		t.Fatalf("%d results: %v", len(results), err)
	}
	return results
}

// openTempDir is a temporary directory that other users may search.
func openTempDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "atomicfix")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if d != nil && d.IsDir() && os.Getuid() != 0 {
				os.Chmod(path, 0o700)
			}
			return nil
		})
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
