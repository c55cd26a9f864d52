package atomicfix

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// These tests meet the kernel's own errors. Those that mount something do it in
// a mount namespace of their own, which ends with them whatever happens.

// inNamespace runs the calling test again, as root of a new mount namespace,
// and reports whether this is that run.
func inNamespace(t *testing.T) bool {
	t.Helper()
	const variable = "ATOMICFIX_TEST_NAMESPACE"
	if os.Getenv(variable) != "" {
		return true
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), variable+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		attr := cmd.SysProcAttr
		attr.Unshareflags = 0
		attr.Cloneflags = syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.As(err, new(*exec.ExitError)):
		t.Errorf("%s", out)
	case err != nil:
		t.Skipf("cannot make a mount namespace: %v", err)
	case bytes.Contains(out, []byte("--- SKIP")):
		t.Skipf("%s", out)
	case !bytes.Contains(out, []byte("--- PASS: "+t.Name()+" ")):
		t.Errorf("did not run: %s", out)
	default:
		t.Logf("%s", out)
	}
	return false
}

func mount(t *testing.T, source, target, kind string, flags uintptr, data string) {
	t.Helper()
	if err := syscall.Mount(source, target, kind, flags, data); err != nil {
		t.Skipf("mount -t %s: %v", kind, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(target, syscall.MNT_DETACH); err != nil {
			t.Errorf("umount: %v", err)
		}
	})
}

func wantText(t *testing.T, name, want string) {
	t.Helper()
	if got := text(name); got != want {
		t.Errorf("%s has %.40q, not %.40q", filepath.Base(name), got, want)
	}
}

func wantNoTemporaries(t *testing.T, dir string) {
	t.Helper()
	if temps := temporaries(t, dir); len(temps) != 0 {
		t.Errorf("left %v", temps)
	}
}

func TestKernelNoSpace(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, "tmpfs", dir, "tmpfs", 0, "size=64k")
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	big := make([]byte, 1<<20)

	for what, write := range map[string]func() error{
		"WriteFile":   func() error { return WriteFile(name, big, 0o644) },
		"WriteReader": func() error { return WriteReader(name, bytes.NewReader(big), 0o644) },
		"Update":      func() error { return Update(name, 0o644, func([]byte) ([]byte, error) { return big, nil }) },
	} {
		var e *fs.PathError
		if err := write(); !errors.Is(err, syscall.ENOSPC) || !errors.As(err, &e) || e.Path != name {
			t.Errorf("%s: %v", what, err)
		}
		wantText(t, name, oldText)
		wantNoTemporaries(t, dir)
	}

	// In place, too, the old content survives: the space is reserved first.
	mount(t, name, name, "", syscall.MS_BIND, "")
	data := make([]byte, 40<<10) // fits once, beside the temporary it does not
	if err := WriteFile(name, data, 0o644); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("in place: %v", err)
	}
	wantText(t, name, oldText)
	wantNoTemporaries(t, dir)
}

func TestKernelBusy(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	inside, outside := filepath.Join(dir, "f"), filepath.Join(dir, "host")
	put(t, outside, oldText, 0o200) // write-only: the temporary becomes so, too
	put(t, inside, "", 0o644)
	mount(t, outside, inside, "", syscall.MS_BIND, "")

	if err := With(Strict()).WriteFile(inside, []byte(newText), 0o644); !errors.Is(err, ErrNotAtomic) || !errors.Is(err, syscall.EBUSY) {
		t.Errorf("Strict: %v", err)
	}
	wantText(t, outside, oldText)
	if err := WriteFile(inside, []byte(newText), 0o644); err != nil {
		t.Error(err)
	}
	wantText(t, outside, newText)
	longer := strings.Repeat("longer than a megabyte", 1<<16)
	if err := WriteReader(inside, strings.NewReader(longer), 0o644); err != nil {
		t.Error(err)
	}
	wantText(t, outside, longer)
	if err := Update(inside, 0o644, func(old []byte) ([]byte, error) { return old[:6], nil }); err != nil {
		t.Error(err)
	}
	wantText(t, outside, "longer")
	wantNoTemporaries(t, dir)
}

func TestKernelReadOnly(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, "tmpfs", dir, "tmpfs", 0, "")
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{name, name + "2"} {
		theirs := os.WriteFile(name, nil, 0o644)
		ours := WriteFile(name, nil, 0o644)
		if errText(name, theirs) != errText(name, ours) || !errors.Is(ours, syscall.EROFS) {
			t.Errorf("os %v, ours %v", theirs, ours)
		}
		if err := Update(name, 0o644, func([]byte) ([]byte, error) { return nil, nil }); !errors.Is(err, syscall.EROFS) {
			t.Errorf("Update: %v", err)
		}
	}
	wantText(t, name, oldText)
	if err := RenameNoReplace(name, name+"2"); !errors.Is(err, syscall.EROFS) {
		t.Errorf("RenameNoReplace: %v", err)
	}
}

func TestKernelOtherDevice(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir, other := t.TempDir(), t.TempDir()
	mount(t, "tmpfs", other, "tmpfs", 0, "")
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	var e *os.LinkError
	err := RenameNoReplace(name, filepath.Join(other, "f"))
	if !errors.Is(err, syscall.EXDEV) || !errors.As(err, &e) || e.Old != name || e.New != filepath.Join(other, "f") {
		t.Errorf("%#v", err)
	}
	wantText(t, name, oldText)

	// A link onto another file system is no obstacle: the temporary lies there.
	if err := os.Symlink(filepath.Join(other, "g"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{oldText, newText} {
		if err := WriteFile(filepath.Join(dir, "link"), []byte(content), 0o644); err != nil {
			t.Error(err)
		}
		wantText(t, filepath.Join(other, "g"), content)
	}
}

func TestKernelOverlay(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	mount(t, "tmpfs", dir, "tmpfs", 0, "")
	for _, sub := range []string{"lower", "upper", "work", "merged"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(dir, "lower", "f"), oldText, 0o640)
	merged := filepath.Join(dir, "merged")
	mount(t, "overlay", merged, "overlay", 0, fmt.Sprintf("lowerdir=%[1]s/lower,upperdir=%[1]s/upper,workdir=%[1]s/work", dir))
	testVerbs(t, merged)
}

// TestKernelFileSystems goes through the verbs on the file systems that this
// machine can make in a file of its own.
func TestKernelFileSystems(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a loop device needs root")
	}
	if !inNamespace(t) {
		return
	}
	ran := 0
	for _, kind := range []string{"ext4", "xfs", "btrfs", "vfat"} {
		mkfs, err := exec.LookPath("mkfs." + kind)
		if err != nil {
			t.Logf("%s: %v", kind, err)
			continue
		}
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			image := filepath.Join(dir, "image")
			put(t, image, "", 0o600)
			if err := os.Truncate(image, 512<<20); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(mkfs, image).CombinedOutput(); err != nil {
				t.Skipf("%v: %s", err, out)
			}
			at := filepath.Join(dir, "mounted")
			if err := os.Mkdir(at, 0o755); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("mount", "-o", "loop", image, at).CombinedOutput(); err != nil {
				t.Skipf("%v: %s", err, out)
			}
			defer func() {
				if out, err := exec.Command("umount", at).CombinedOutput(); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}()
			ran++
			testVerbs(t, at)
		})
	}
	if ran == 0 {
		t.Skip("no file system could be made and mounted")
	}
}

// testVerbs calls each verb on a file system where nothing needs a fallback.
func testVerbs(t *testing.T, dir string) {
	t.Helper()
	x := With(Strict())
	name := filepath.Join(dir, "f")
	for _, content := range []string{newText, strings.Repeat("long ", 1<<17), "", oldText} {
		if err := x.WriteFile(name, []byte(content), 0o640); err != nil {
			t.Error(err)
		}
		wantText(t, name, content)
	}
	if err := x.WriteFileExcl(name, nil, 0o640); !errors.Is(err, fs.ErrExist) {
		t.Errorf("WriteFileExcl: %v", err)
	}
	if err := x.WriteFileExcl(name+"2", []byte(newText), 0o640); err != nil {
		t.Errorf("WriteFileExcl: %v", err)
	}
	if err := x.RenameNoReplace(name, name+"2"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("RenameNoReplace: %v", err)
	}
	if err := x.RenameNoReplace(name+"2", name+"3"); err != nil {
		t.Errorf("RenameNoReplace: %v", err)
	}
	wantText(t, name+"3", newText)
	if err := x.Update(name, 0o640, func(old []byte) ([]byte, error) { return append(old, '!'), nil }); err != nil {
		t.Errorf("Update: %v", err)
	}
	wantText(t, name, oldText+"!")
	wantNoTemporaries(t, dir)
}

func TestKernelProc(t *testing.T) {
	// A file of /proc/self that is only a name within this process.
	name := fmt.Sprintf("/proc/self/task/%d/comm", syscall.Gettid())
	before := text(name)
	defer os.WriteFile(name, []byte(before), 0o644)
	if err := WriteFile(name, []byte("renamed"), 0o644); err != nil {
		t.Error(err)
	}
	wantText(t, name, "renamed\n")
	if err := With(Strict()).WriteFile(name, []byte("strict"), 0o644); !errors.Is(err, ErrNotAtomic) {
		t.Errorf("Strict: %v", err)
	}
	wantText(t, name, "renamed\n")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString("stag")
	f.WriteString("ed")
	if err := f.Commit(); err != nil {
		t.Error(err)
	}
	wantText(t, name, "staged\n")
}

func TestKernelCgroup(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	at := t.TempDir()
	mount(t, "cgroup2", at, "cgroup2", 0, "")
	group := filepath.Join(at, fmt.Sprint("atomicfix-test-", os.Getpid()))
	if err := os.Mkdir(group, 0o755); err != nil {
		t.Skip(err)
	}
	defer os.Remove(group)
	name := filepath.Join(group, "cgroup.max.depth")
	wantText(t, name, "max\n")
	for _, depth := range []string{"7", "12345", "max"} {
		if err := WriteFile(name, []byte(depth), 0o644); err != nil {
			t.Error(err)
		}
		wantText(t, name, depth+"\n")
	}
	theirs, ours := os.WriteFile(name, []byte("nonsense"), 0o644), WriteFile(name, []byte("nonsense"), 0o644)
	if !errors.Is(theirs, syscall.EINVAL) || !errors.Is(ours, syscall.EINVAL) {
		t.Errorf("nonsense: os %v, ours %v", theirs, ours)
	}
}

func init() {
	// stdout writes to a link to /proc/self/fd/1.
	children["stdout"] = func(args []string) error {
		return WriteFile(args[0], []byte(newText), 0o644)
	}
	// write-many FILE N calls WriteFile N times, for strace to count.
	children["write-many"] = func(args []string) error {
		n, err := strconv.Atoi(args[1])
		for ; err == nil && n > 0; n-- {
			err = WriteFile(args[0], []byte(newText), 0o644)
		}
		return err
	}
	// write-once FILE calls WriteFile once, for strace, which counts the calls of
	// each thread by itself.
	children["write-once"] = func(args []string) error {
		runtime.LockOSThread()
		err := WriteFile(args[0], []byte(newText), 0o644)
		fmt.Printf("%T %v", err, err)
		return nil
	}
}

func TestKernelStdout(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "stdout")
	if err := os.Symlink("/proc/self/fd/1", link); err != nil {
		t.Fatal(err)
	}
	t.Run("file", func(t *testing.T) {
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o644)
		out, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer out.Close()
		before, _ := out.Stat()
		cmd := child(t, "stdout", link)
		cmd.Stdout = out
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		wantText(t, name, newText)
		if after, _ := os.Stat(name); !os.SameFile(before, after) {
			t.Error("the file that is open was replaced")
		}
	})
	t.Run("pipe", func(t *testing.T) {
		out, err := child(t, "stdout", link).Output()
		if err != nil || string(out) != newText {
			t.Errorf("%v, %q", err, out)
		}
	})
	t.Run("dev", func(t *testing.T) { // writes to the pipe, not to the device
		out, err := child(t, "stdout", "/dev/stdout").Output()
		if err != nil || string(out) != newText {
			t.Errorf("%v, %q", err, out)
		}
	})
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	wantNoTemporaries(t, dir)
}

// TestKernelInjected has strace make a chosen system call fail, or kill at it.
func TestKernelInjected(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	for _, tt := range []struct {
		inject, content, says string
		temps                 int
	}{
		{"fsync:error=EIO:when=1", oldText, "*fs.PathError sync", 0},
		{"fsync:error=EIO:when=2", newText, "*atomicfix.DurabilityError", 0},
		{"fsync:error=EINVAL:when=2", newText, "<nil>", 0},
		{"renameat:error=ENOSPC:when=1", oldText, "*fs.PathError rename", 0},
		{"renameat:error=EXDEV:when=1", newText, "<nil>", 0},
		{"renameat:error=EXDEV:when=1+", newText, "<nil>", 0},
		{"fsync:signal=KILL:when=1", oldText, "", 1},
		{"fsync:signal=KILL:when=2", newText, "", 0},
		{"renameat:signal=KILL:when=1", oldText, "", 1},
	} {
		t.Run(tt.inject, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "f")
			put(t, name, oldText, 0o644)
			call, _, _ := strings.Cut(tt.inject, ":")
			cmd := child(t, "write-once", name)
			cmd.Args = append([]string{strace, "-f", "-o", filepath.Join(t.TempDir(), "log"), "-e", "trace=" + call,
				"-e", "inject=" + tt.inject, cmd.Path}, cmd.Args[1:]...)
			cmd.Path = strace
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if strings.Contains(stderr.String(), "ptrace") || strings.Contains(stderr.String(), "PTRACE") {
				t.Skipf("strace may not trace here: %s", stderr.Bytes())
			}
			killed := strings.Contains(tt.inject, "signal")
			if killed == (err == nil) || !strings.Contains(string(out), tt.says) {
				t.Errorf("%v: %s %s", err, out, stderr.Bytes())
			}
			if killed && call == "renameat" {
				// The signal comes after the call or instead of it.
				if got := text(name); got != oldText && got != newText {
					t.Errorf("torn: %q", got)
				}
				return
			}
			wantText(t, name, tt.content)
			if temps := temporaries(t, dir); len(temps) != tt.temps {
				t.Errorf("temporaries: %v", temps)
			}
		})
	}
}

// TestKernelCalls counts the system calls that replacing a file makes, all that
// concern files, descriptors and users: those of 21 writes less those of one.
func TestKernelCalls(t *testing.T) {
	allowed := len(replacing)
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o644)
	count := func(writes string) (calls map[string]int, all int) {
		log := filepath.Join(t.TempDir(), "log")
		cmd := child(t, "write-many", name, writes)
		cmd.Args = append([]string{strace, "-f", "-o", log, "-e", "trace=%file,%desc,%creds", cmd.Path}, cmd.Args[1:]...)
		cmd.Path = strace
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("strace may not trace here: %v: %s", err, out)
		}
		calls = map[string]int{}
		for _, line := range strings.Split(text(log), "\n") {
			_, call, _ := strings.Cut(line, " ")
			call, _, ok := strings.Cut(strings.TrimSpace(call), "(")
			switch { // the runtime's own, and what is resumed
			case !ok, strings.HasPrefix(call, "epoll"), strings.HasPrefix(call, "<"),
				call == "mmap", call == "munmap", call == "read", call == "pread64":
			default:
				calls[call]++
				all++
			}
		}
		return calls, all
	}
	const more = 20
	one, few := count("1")
	many, all := count(strconv.Itoa(1 + more))
	for call := range many {
		many[call] -= one[call]
	}
	t.Logf("%.1f a write; of %d: %v", float64(all-few)/more, more, many)
	if all-few > allowed*more {
		t.Errorf("%d system calls for %d writes: %v", all-few, more, many)
	}
}

func getxattr(name, attr string) string {
	buf := make([]byte, 1000)
	n, err := unix.Lgetxattr(name, attr, buf)
	if err != nil {
		return err.Error()
	}
	return string(buf[:n])
}

func TestKernelACL(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	put(t, plain, oldText, 0o640)
	withACL := filepath.Join(dir, "acl")
	put(t, withACL, oldText, 0o640)
	setUserACL(t, withACL, aclAttr, stranger, 7)
	setxattr(t, withACL, "user.note", strings.Repeat("kept", 200)) // more than a first guess holds
	acl := getxattr(withACL, aclAttr)
	setUserACL(t, dir, "system.posix_acl_default", somebody, 6)

	for _, name := range []string{plain, withACL} {
		before, _ := os.Stat(name)
		if err := WriteFile(name, []byte(newText), 0o600); err != nil {
			t.Error(err)
		}
		if after, _ := os.Stat(name); after.Mode() != before.Mode() {
			t.Errorf("mode %v became %v", before.Mode(), after.Mode())
		}
	}
	if got := getxattr(plain, aclAttr); got != unix.ENODATA.Error() {
		t.Errorf("a file without ACL has inherited %q", got)
	}
	if got := getxattr(withACL, aclAttr); got != acl {
		t.Errorf("ACL %q became %q", acl, got)
	}
	if got := getxattr(withACL, "user.note"); got != strings.Repeat("kept", 200) {
		t.Errorf("the user's attribute became %q", got)
	}

	// A new file inherits, as one that os.WriteFile creates.
	theirs, ours := filepath.Join(dir, "theirs"), filepath.Join(dir, "ours")
	if err := os.WriteFile(theirs, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(ours, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if a, b := getxattr(theirs, aclAttr), getxattr(ours, aclAttr); a != b {
		t.Errorf("inherited %q, os.WriteFile %q", b, a)
	}
	// An exact mode is exact, with the ACL that chmod leaves, and no later call
	// is needed for it: no other process gets in between.
	if err := os.Chmod(theirs, 0o604); err != nil {
		t.Fatal(err)
	}
	setUserACL(t, theirs, aclAttr, stranger, 7)
	if err := os.Chmod(theirs, 0o604); err != nil {
		t.Fatal(err)
	}
	p := newProbe(kernel{})
	if err := p.fs().WriteFileMode(withACL, nil, 0o604); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(withACL); info.Mode() != 0o604 {
		t.Errorf("exact mode: %v", info.Mode())
	}
	if a, b := getxattr(theirs, aclAttr), getxattr(withACL, aclAttr); a != b {
		t.Errorf("after an exact mode %q, after chmod %q", b, a)
	}
	if set := slices.Index(p.calls, "fsetAttr"); set < 0 || slices.Contains(p.calls[set:], "chmod") {
		t.Errorf("chmod after the ACL: %v", p.calls)
	}
}

// TestChmodACL is about an ACL without a mask, which says what the mode says.
func TestChmodACL(t *testing.T) {
	entry := func(tag, perm byte) string {
		return string([]byte{tag, 0, perm, 0, 0xff, 0xff, 0xff, 0xff})
	}
	acl := []byte("\x02\x00\x00\x00" + entry(0x01, 7) + entry(0x04, 7) + entry(0x20, 7))
	chmodACL(acl, 0o641)
	if want := "\x02\x00\x00\x00" + entry(0x01, 6) + entry(0x04, 4) + entry(0x20, 1); string(acl) != want {
		t.Errorf("%q, not %q", acl, want)
	}
}

// TestKernelStickyLink is about a link that a stranger laid in a directory like
// /tmp: it is refused even where fs.protected_symlinks is off.
func TestKernelStickyLink(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("another user's link needs root")
	}
	dir := t.TempDir()
	sticky, victim := filepath.Join(dir, "sticky"), filepath.Join(dir, "victim")
	put(t, victim, oldText, 0o644)
	if err := os.Mkdir(sticky, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(sticky, 0o777|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(sticky, "link")
	if err := os.Symlink(victim, link); err != nil {
		t.Fatal(err)
	}
	if err := os.Lchown(link, stranger, stranger); err != nil {
		t.Fatal(err)
	}
	// The kernel is taken to have let the link pass.
	p := newProbe(lenient{})
	if err := p.fs().WriteFile(link, []byte(newText), 0o644); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("%v", err)
	}
	wantText(t, victim, oldText)
	if err := os.Lchown(link, os.Getuid(), os.Getgid()); err != nil {
		t.Fatal(err)
	}
	if err := p.fs().WriteFile(link, []byte(newText), 0o644); err != nil {
		t.Errorf("our own link: %v", err)
	}
	wantText(t, victim, newText)
}

// TestKernelStickyFile is about a stranger's file there: what open(2) with
// O_CREAT says of it (fs.protected_regular) is for os.WriteFile to hear.
func TestKernelStickyFile(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("another user's file needs root")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o666)
	lchown(t, stranger, name)
	for mode, inPlace := range map[fs.FileMode]bool{
		0o777 | fs.ModeSticky: true, 0o770 | fs.ModeSticky: true, 0o700 | fs.ModeSticky: false, 0o777: false,
	} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		theirs := os.WriteFile(name, []byte(newText), 0o600)
		p := newProbe(kernel{})
		ours := p.fs().WriteFile(name, []byte(newText), 0o600)
		if errText(name, theirs) != errText(name, ours) {
			t.Errorf("%v: os %v, ours %v", mode, theirs, ours)
		}
		if slices.Contains(p.calls, "rename") == inPlace {
			t.Errorf("%v: %v", mode, p.calls)
		}
	}
}

// lenient is a kernel whose fs.protected_symlinks is 0: stat finds what the
// link leads to.
type lenient struct{ kernel }

func (l lenient) stat(name string) (meta, error) {
	if text, err := os.Readlink(name); err == nil {
		name = text
	}
	return l.kernel.stat(name)
}

// TestKernelWatcher has the target watched: it is moved over, never opened.
func TestKernelWatcher(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o644)
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	if err != nil {
		t.Skip(err)
	}
	defer unix.Close(fd)
	if _, err := unix.InotifyAddWatch(fd, name, unix.IN_OPEN|unix.IN_MODIFY|unix.IN_ACCESS|unix.IN_CLOSE); err != nil {
		t.Skip(err)
	}
	if err := WriteFile(name, []byte(newText), 0o644); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	n, _ := unix.Read(fd, buf)
	for n >= unix.SizeofInotifyEvent { // events of a file have no name behind them
		// That the watch ends with the file is what the kernel does report.
		if mask := binary.NativeEndian.Uint32(buf[4:]); mask&unix.IN_IGNORED == 0 {
			t.Errorf("the watcher woke: %#x", mask)
		}
		buf, n = buf[unix.SizeofInotifyEvent:], n-unix.SizeofInotifyEvent
	}
}

// TestKernelRunning replaces a program that runs, which os.WriteFile cannot
// (ETXTBSY): a documented difference.
func TestKernelRunning(t *testing.T) {
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip(err)
	}
	program := filepath.Join(t.TempDir(), "program")
	data, err := os.ReadFile(sleep)
	if err != nil {
		t.Fatal(err)
	}
	put(t, program, string(data), 0o755)
	cmd := exec.Command(program, "60")
	if err := cmd.Start(); err != nil {
		t.Skip(err) // a temporary directory from which nothing runs
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	if err := os.WriteFile(program, data, 0o755); !errors.Is(err, syscall.ETXTBSY) {
		t.Errorf("os.WriteFile: %v", err)
	}
	if err := WriteFile(program, []byte(newText), 0o755); err != nil {
		t.Error(err)
	}
	wantText(t, program, newText)
}

// TestKernelImmutable is about a file that not even root may change.
func TestKernelImmutable(t *testing.T) {
	dir := t.TempDir()
	// FS_IMMUTABLE_FL and FS_APPEND_FL (ioctl_iflags(2)).
	for what, flag := range map[string]int{"immutable": 0x10, "append-only": 0x20} {
		t.Run(what, func(t *testing.T) {
			name := filepath.Join(dir, what)
			put(t, name, oldText, 0o644)
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			flags, err := unix.IoctlGetInt(int(f.Fd()), unix.FS_IOC_GETFLAGS)
			if err != nil {
				t.Skipf("no such attributes: %v", err)
			}
			set := func(flags int) error { return unix.IoctlSetPointerInt(int(f.Fd()), unix.FS_IOC_SETFLAGS, flags) }
			defer set(flags)
			if err := set(flags | flag); err != nil {
				t.Skipf("cannot set the attribute: %v", err)
			}
			theirs, ours := os.WriteFile(name, nil, 0o644), WriteFile(name, []byte(newText), 0o644)
			if !errors.Is(theirs, syscall.EPERM) || !errors.Is(ours, syscall.EPERM) {
				t.Errorf("os %v, ours %v", theirs, ours)
			}
			wantText(t, name, oldText)
			wantNoTemporaries(t, dir)
		})
	}
}

// TestKernelSocket is about a file that cannot be opened at all.
func TestKernelSocket(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		name := filepath.Join(dir, "s")
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: name, Net: "unix"})
		if err != nil {
			t.Skip(err) // of a long name of the temporary directory
		}
		defer l.Close()
		var e *fs.PathError
		if _, _, err := x.OpenRegular(prefix + "s"); !errors.Is(err, ErrNotRegular) || !errors.Is(err, syscall.ENXIO) || !errors.As(err, &e) || e.Path != prefix+"s" {
			t.Errorf("OpenRegular: %v", err)
		}
		if err := x.Update(prefix+"s", 0o600, nil); !errors.Is(err, ErrNotRegular) {
			t.Errorf("Update: %v", err)
		}
		if _, _, err := x.OpenStat(prefix + "s"); errors.Is(err, ErrNotRegular) || !errors.Is(err, syscall.ENXIO) {
			t.Errorf("OpenStat: %v", err)
		}
	})
}

// TestKernelFIFO checks that what waits in os waits here, and what must not
// wait does not.
func TestKernelFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenRegular(fifo); !errors.Is(err, ErrNotRegular) {
		t.Errorf("OpenRegular: %v", err)
	}
	if err := Update(fifo, 0o600, func([]byte) ([]byte, error) { return nil, nil }); !errors.Is(err, ErrNotRegular) {
		t.Errorf("Update: %v", err)
	}
	if err := With(Strict()).WriteFile(fifo, nil, 0o600); !errors.Is(err, ErrNotAtomic) {
		t.Errorf("Strict: %v", err)
	}
	done := make(chan error)
	go func() { done <- WriteFile(fifo, []byte(newText), 0o600) }()
	select {
	case err := <-done:
		t.Errorf("did not wait for a reader: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	r, err := os.Open(fifo)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if data, err := io.ReadAll(r); err != nil || string(data) != newText {
		t.Errorf("%q, %v", data, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
