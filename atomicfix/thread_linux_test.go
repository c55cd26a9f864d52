package atomicfix

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onThread runs f on a thread that ends with it, so that f may change what the
// kernel keeps by thread: the user for file access, the root directory.
func onThread(t *testing.T, f func()) {
	t.Helper()
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlock
		f()
	}()
	<-done
}

// asUser runs f with the rights that an ordinary user has on files (setfsuid(2)
// takes the capabilities that concern files, too).
func asUser(t *testing.T, uid int, f func()) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("to become another user needs root")
	}
	onThread(t, func() {
		if err := unix.Setfsgid(uid); err != nil {
			t.Error(err)
			return
		}
		if err := unix.Setfsuid(uid); err != nil {
			t.Error(err)
			return
		}
		f()
	})
}

func lchown(t *testing.T, uid int, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Lchown(name, uid, uid); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSearchOnly works in a directory that may be searched and written to but
// not read.
func TestSearchOnly(t *testing.T) {
	dir := filepath.Join(openTempDir(t), "d")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	f := filepath.Join(dir, "f")
	put(t, f, oldText, 0o644)
	asUser(t, somebody, func() {}) // skips without root
	lchown(t, somebody, dir, f)
	if err := os.Chmod(dir, 0o300); err != nil {
		t.Fatal(err)
	}
	asUser(t, somebody, func() {
		for _, err := range []error{
			WriteFile(f, []byte(newText), 0o644),
			WriteFileExcl(f+"2", []byte(newText), 0o644),
			Update(f, 0o644, func(old []byte) ([]byte, error) { return append(old, '!'), nil }),
		} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	wantContent(t, f, newText+"!")
	wantContent(t, f+"2", newText)
	wantOnly(t, dir, "f", "f2")
}

// TestWriteOnly has a temporary that gets the mode of a target which its owner
// may not read, and is needed again.
func TestWriteOnly(t *testing.T) {
	dir := openTempDir(t)
	f := filepath.Join(dir, "f")
	put(t, f, oldText, 0o200)
	asUser(t, somebody, func() {})
	lchown(t, somebody, dir, f)
	asUser(t, somebody, func() {
		p := newProbe(kernel{})
		p.fault = func(_ int, op string) any {
			if op == "rename" {
				return syscall.EBUSY
			}
			return nil
		}
		if err := p.fs().WriteFile(f, []byte(newText), 0o644); err != nil {
			t.Error(err)
		}
	})
	wantContent(t, f, newText)
	wantOnly(t, dir, "f")
}

// TestStaleModes removes what its owner may not read or not write: a temporary has
// the mode of the file to come while it is synced.
func TestStaleModes(t *testing.T) {
	dir := openTempDir(t)
	name := filepath.Join(dir, staleName)
	asUser(t, somebody, func() {})
	lchown(t, somebody, dir)
	for _, perm := range []os.FileMode{0o600, 0o400, 0o200} {
		put(t, name, oldText, perm)
		lchown(t, somebody, name)
		onThread(t, func() {
			// Only of this thread, and the effective user, too.
			if _, _, errno := unix.RawSyscall(unix.SYS_SETREUID, somebody, somebody, 0); errno != 0 {
				t.Error(errno)
				return
			}
			f, err := os.Open(name)
			if perm&0o400 == 0 {
				if f, err = os.OpenFile(name, os.O_WRONLY, 0); err != nil {
					t.Error(err)
					return
				}
			} else if err != nil {
				t.Error(err)
				return
			}
			if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
				t.Error(err)
			}
			if n, err := RemoveStale(dir, 0); n != 0 || err != nil {
				t.Errorf("%v, in use: %d, %v", perm, n, err)
			}
			f.Close()
			if n, err := RemoveStale(dir, 0); n != 1 || err != nil {
				t.Errorf("%v: %d, %v", perm, n, err)
			}
		})
		os.Remove(name)
	}
}

// TestSetid compares what a write takes of setuid and setgid.
func TestSetid(t *testing.T) {
	dir := openTempDir(t)
	asUser(t, somebody, func() {})
	lchown(t, somebody, dir)
	for _, uid := range []int{0, somebody} {
		for _, raw := range []uint32{0o4755, 0o2755, 0o2745, 0o6711, 0o6600, 0o1644} {
			theirs, ours := filepath.Join(dir, "theirs"), filepath.Join(dir, "ours")
			for _, name := range []string{theirs, ours} {
				put(t, name, oldText, 0o600)
				lchown(t, somebody, name)
				if err := syscall.Chmod(name, raw); err != nil {
					t.Fatal(err)
				}
			}
			asUser(t, uid, func() {
				if err := os.WriteFile(theirs, []byte(newText), 0o600); err != nil {
					t.Error(err)
				}
				if err := WriteFile(ours, []byte(newText), 0o600); err != nil {
					t.Error(err)
				}
			})
			a, aerr := os.Stat(theirs)
			b, berr := os.Stat(ours)
			if aerr != nil || berr != nil || a.Mode() != b.Mode() {
				t.Errorf("uid %d, %04o: os.WriteFile leaves %v, WriteFile %v", uid, raw, a.Mode(), b.Mode())
			}
		}
	}
	// A requested mode is set, special bits and all.
	f := filepath.Join(dir, "f")
	want := fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky | 0o711
	if err := WriteFileMode(f, nil, want); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(f); err != nil || info.Mode() != want {
		t.Errorf("%v %v", info.Mode(), err)
	}
	// And os.WriteFile's own, for a new file.
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := errors.Join(os.WriteFile(a, nil, want), WriteFile(b, nil, want)); err != nil {
		t.Error(err)
	}
	ai, _ := os.Stat(a)
	bi, _ := os.Stat(b)
	if ai.Mode() != bi.Mode() {
		t.Errorf("os.WriteFile creates with %v, WriteFile with %v", ai.Mode(), bi.Mode())
	}
}

// TestWithoutProc is about a chroot without /proc, by which the attributes are
// read elsewhere.
func TestWithoutProc(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("chroot needs root")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o640)
	setUserACL(t, name, aclAttr, stranger, 7)
	acl := getxattr(name, aclAttr)
	onThread(t, func() {
		if err := unix.Unshare(unix.CLONE_FS); err != nil {
			t.Error(err)
			return
		}
		if err := unix.Chroot(dir); err != nil {
			t.Error(err)
			return
		}
		if err := WriteFile("/f", []byte(newText), 0o644); err != nil {
			t.Error(err)
		}
		wantByName(t, "/")
	})
	wantByName(t, dir)
	wantContent(t, name, newText)
	if got := getxattr(name, aclAttr); got != acl {
		t.Errorf("ACL %q became %q", acl, got)
	}
}

// wantByName finds the ACL of f as on a system without listxattrat(2).
func wantByName(t *testing.T, dirname string) {
	t.Helper()
	d, err := kernel{}.openDir(dirname)
	if err != nil {
		t.Error(err)
		return
	}
	defer kernel{}.closeDir(d)
	names, err := kernel{}.listAttrsByName(d, "f")
	if err != nil || !slices.Contains(names, aclAttr) {
		t.Errorf("%q, %v", names, err)
	}
	if _, err := (kernel{}).listAttrs(d, "absent"); !absent(err) {
		t.Errorf("of an absent file: %v", err)
	}
}

// TestChdirBetween moves away between Create and Commit.
func TestChdirBetween(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	put(t, filepath.Join(dir, "old"), oldText, 0o644)
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var files []*File
	t.Chdir(dir)
	for _, name := range []string{"new", "old", "fifo"} {
		f, err := Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(newText); err != nil {
			t.Error(err)
		}
		files = append(files, f)
	}
	t.Chdir(other)
	for _, f := range files {
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
	}
	wantContent(t, filepath.Join(dir, "new"), newText)
	wantContent(t, filepath.Join(dir, "old"), newText)
	buf := make([]byte, 100)
	if n, err := reader.Read(buf); string(buf[:n]) != newText {
		t.Errorf("FIFO: %q %v", buf[:n], err)
	}
	wantOnly(t, other)
}
