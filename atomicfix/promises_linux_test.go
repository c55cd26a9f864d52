package atomicfix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// These tests are about what another user of the machine does meanwhile, and
// about the state that a file is found in.

func mkfifo(t *testing.T, name string) (reader *os.File) {
	t.Helper()
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	return reader
}

func readSome(t *testing.T, f *os.File) string {
	t.Helper()
	if err := f.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	n, _ := f.Read(buf)
	return string(buf[:n])
}

// TestStreamSwapped has a link take the place of a FIFO that was opened.
func TestStreamSwapped(t *testing.T) {
	for _, x := range []*FS{With(), With(NoFollow())} {
		dir := t.TempDir()
		fifo, victim := filepath.Join(dir, "fifo"), filepath.Join(dir, "victim")
		reader := mkfifo(t, fifo)
		put(t, victim, oldText, 0o640)
		f, err := x.CreateMode(fifo, 0o604)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := os.Remove(fifo); err != nil {
			t.Fatal(err)
		}
		symlink(t, "victim", fifo)
		f.WriteString(newText)
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
		if got := readSome(t, reader); got != newText {
			t.Errorf("the FIFO got %q", got)
		}
		wantContent(t, victim, oldText)
		wantMode(t, victim, 0o640)
	}
}

// TestStreamSwapping has a FIFO and a link swap all the time.
func TestStreamSwapping(t *testing.T) {
	dir := t.TempDir()
	name, fifo, link, victim := filepath.Join(dir, "f"), filepath.Join(dir, "fifo"), filepath.Join(dir, "link"), filepath.Join(dir, "victim")
	reader := mkfifo(t, fifo)
	go io.Copy(io.Discard, reader)
	put(t, victim, oldText, 0o640)
	symlink(t, "victim", link)
	if err := os.Link(fifo, name); err != nil {
		t.Fatal(err)
	}
	stop := make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				unix.Renameat2(unix.AT_FDCWD, name, unix.AT_FDCWD, link, unix.RENAME_EXCHANGE)
			}
		}
	})
	x, wrote := With(NoFollow(), NoSync()), 0
	for start := time.Now(); time.Since(start) < during(); {
		if x.WriteFileMode(name, []byte(newText), 0o604) == nil {
			wrote++
		}
	}
	close(stop)
	wg.Wait()
	if wrote == 0 {
		t.Error("nothing was ever written")
	}
	wantContent(t, victim, oldText)
	wantMode(t, victim, 0o640)
}

func wantMode(t *testing.T, name string, want fs.FileMode) {
	t.Helper()
	info, err := os.Lstat(name)
	if err != nil || info.Mode() != want {
		t.Errorf("%s: mode %v, not %v, %v", filepath.Base(name), info.Mode(), want, err)
	}
}

// TestStrangerSwapped is about a stranger's file in a directory like /tmp.
func TestStrangerSwapped(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("a stranger's file needs root")
	}
	dir := openTempDir(t)
	sticky, victim := filepath.Join(dir, "sticky"), filepath.Join(dir, "victim")
	put(t, victim, oldText, 0o640)
	if err := errorsOf(os.Mkdir(sticky, 0o700), os.Chmod(sticky, 0o777|fs.ModeSticky)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(sticky, "f")
	for what, swap := range map[string]func() error{
		"a link":         func() error { return os.Symlink(victim, name) },
		"another's file": func() error { return os.Link(victim, name) },
	} {
		put(t, name, oldText, 0o666)
		lchown(t, stranger, name)
		f, err := Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(newText)
		f.Chmod(0o604)
		lchown(t, stranger+1, victim)
		if err := errorsOf(os.Remove(name), swap()); err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(); err == nil {
			t.Errorf("%s: no error", what)
		}
		wantContent(t, victim, oldText)
		wantMode(t, victim, 0o640)
		os.Remove(name)
	}
}

// TestStateAtCommit changes the file between Create and Commit.
func TestStateAtCommit(t *testing.T) {
	for _, tt := range []struct {
		what    string
		change  func(name string) error
		want    error // of Commit
		content string
		mode    fs.FileMode
	}{
		{"nothing", func(string) error { return nil }, nil, newText, 0o644},
		{"closed to others", func(name string) error { return os.Chmod(name, 0o600) }, nil, newText, 0o600},
		{"opened to others", func(name string) error { return os.Chmod(name, 0o666) }, nil, newText, 0o666},
		{"replaced", func(name string) error {
			return errorsOf(os.WriteFile(name+"2", nil, 0o600), os.Chmod(name+"2", 0o606), os.Rename(name+"2", name))
		}, nil, newText, 0o606},
		{"removed", os.Remove, nil, newText, 0o640},
		{"a link", func(name string) error {
			return errorsOf(os.Rename(name, name+"2"), os.Symlink("f2", name))
		}, errChanged, oldText, 0o644},
		{"a directory", func(name string) error { return errorsOf(os.Remove(name), os.Mkdir(name, 0o700)) }, errChanged, "", 0},
	} {
		t.Run(tt.what, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "f")
			put(t, name, oldText, 0o644)
			f, err := CreatePerm(name, 0o640)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			f.WriteString(newText)
			if err := tt.change(name); err != nil {
				t.Fatal(err)
			}
			var e *fs.PathError
			if err := f.Commit(); !errors.Is(err, tt.want) || err != nil && (!errors.As(err, &e) || e.Path != name) {
				t.Errorf("Commit: %v", err)
			}
			if tt.content != "" {
				wantContent(t, name, tt.content)
				if info, err := os.Stat(name); err != nil || info.Mode() != tt.mode {
					t.Errorf("%v, %v", info.Mode(), err)
				}
			}
			wantNoTemporaries(t, dir)
		})
	}
}

// TestStateDuringUpdate has Update's function close the file to others, chown
// it, and mark it read-only.
func TestStateDuringUpdate(t *testing.T) {
	dir := openTempDir(t)
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	if err := Update(name, 0o600, func([]byte) ([]byte, error) {
		return []byte(newText), os.Chmod(name, 0o600)
	}); err != nil {
		t.Error(err)
	}
	wantContent(t, name, newText)
	wantMode(t, name, 0o600)
	if os.Getuid() != 0 {
		t.Skip("without root: no chown, and read-only is checked elsewhere")
	}
	if err := Update(name, 0o600, func([]byte) ([]byte, error) {
		setUserACL(t, name, aclAttr, stranger, 4)
		return []byte("by another"), os.Chown(name, somebody, somebody)
	}); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(name); err != nil || info.Sys().(*syscall.Stat_t).Uid != somebody {
		t.Errorf("the owner is %v, %v", info.Sys(), err)
	}
	if acl := getxattr(name, aclAttr); len(acl) < 12 {
		t.Errorf("the ACL is gone: %q", acl)
	}
	lchown(t, somebody, dir)
	asUser(t, somebody, func() {
		f, err := Create(name)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close()
		if err := os.Chmod(name, 0o400); err != nil {
			t.Error(err)
		}
		if err := f.Commit(); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("read-only: %v", err)
		}
	})
	wantContent(t, name, "by another")
}

// TestRemovedMeanwhile has others remove the file all the time: os.WriteFile
// does not mind.
func TestRemovedMeanwhile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	stop := make(chan bool)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				os.Remove(name)
			}
		}
	})
	calls := 0
	for start := time.Now(); time.Since(start) < during(); calls++ {
		if err := With(NoSync()).WriteFile(name, []byte(newText), 0o644); err != nil {
			t.Errorf("WriteFile: %v", err)
		}
		if err := With(NoSync()).Update(name, 0o644, func(old []byte) ([]byte, error) {
			return append(old, '.'), nil
		}); err != nil {
			t.Errorf("Update: %v", err)
		}
	}
	close(stop)
	wg.Wait()
	t.Logf("%d calls of each", calls)
}

// TestNoForeign refuses another's file when it is opened and at Commit.
func TestNoForeign(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("another's file needs root")
	}
	dir := openTempDir(t)
	name, link := filepath.Join(dir, "f"), filepath.Join(dir, "link")
	put(t, name, oldText, 0o666)
	symlink(t, "f", link)
	x := With(NoForeign())
	if err := x.WriteFile(name, []byte(oldText), 0o600); err != nil {
		t.Errorf("our own: %v", err)
	}
	f, err := x.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(newText)
	lchown(t, stranger, name)
	if err := f.Commit(); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("Commit: %v", err)
	}
	for what, err := range map[string]error{
		"WriteFile":     x.WriteFile(name, []byte(newText), 0o600),
		"WriteFileMode": x.WriteFileMode(link, []byte(newText), 0o600),
		"Create":        second(x.Create(name)),
		"Update":        x.Update(name, 0o600, changeToNew),
		"OpenStat":      second(drop(x.OpenStat(name))),
		"OpenRegular":   second(drop(x.OpenRegular(link))),
	} {
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("%s: %v", what, err)
		}
	}
	wantContent(t, name, oldText)
	wantNoTemporaries(t, dir)
	if err := x.WriteFile(filepath.Join(dir, "new"), nil, 0o600); err != nil {
		t.Errorf("a new file: %v", err)
	}
}

// TestLockIsForWriters has a reader, a FIFO and a stranger in the way of Update.
func TestLockIsForWriters(t *testing.T) {
	dir := openTempDir(t)
	name := filepath.Join(dir, "f")
	put(t, name, "0", 0o644)
	if err := count(name, 1); err != nil {
		t.Fatal(err)
	}
	lock := filepath.Join(dir, lockName("f"))
	wantMode(t, lock, 0o600)
	// A reader locks the file itself, in every way that it can.
	r, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := errorsOf(unix.Flock(int(r.Fd()), unix.LOCK_EX), kernel{}.lockContent(&file{os: r}, false, true)); err != nil {
		t.Fatal(err)
	}
	if err := soon(t, func(ctx context.Context) error {
		return UpdateContext(ctx, name, 0o600, func([]byte) ([]byte, error) { return []byte("2"), nil })
	}); err != nil {
		t.Errorf("with a reader: %v", err)
	}
	// What was open to a group is closed to it.
	if err := errorsOf(os.Chmod(name, 0o664), os.Remove(lock), count(name, 1)); err != nil {
		t.Fatal(err)
	}
	wantMode(t, lock, 0o660)
	if err := errorsOf(os.Chmod(name, 0o644), count(name, 1)); err != nil {
		t.Fatal(err)
	}
	wantMode(t, lock, 0o600)

	if os.Getuid() != 0 {
		t.Skip("without root: no strangers")
	}
	os.Remove(lock)
	if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	for what, prepare := range map[string]func(){
		"file": func() { put(t, lock, "", 0o666) },
		"FIFO": func() {
			if err := syscall.Mkfifo(lock, 0o666); err != nil {
				t.Fatal(err)
			}
		},
	} {
		prepare()
		lchown(t, stranger, lock)
		err := soon(t, func(ctx context.Context) error { return UpdateContext(ctx, name, 0o600, changeToNew) })
		if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, ErrNotRegular) {
			t.Errorf("a stranger's %s: %v", what, err)
		}
		os.Remove(lock)
	}
}

// soon calls what must not hang.
func soon(t *testing.T, call func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return call(ctx)
}

// TestLocksExclude counts as root, who may make the lock file, and as users who
// may not, and may write to the file.
func TestLocksExclude(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("another user needs root")
	}
	for what, prepare := range map[string]func(dir, name string){
		"directory of root": func(dir, name string) {},
		"lock file of root": func(dir, name string) { count(name, 1); os.WriteFile(name, []byte("0"), 0) },
		"later owner":       func(dir, name string) { count(name, 1); lchown(t, somebody, name); os.WriteFile(name, []byte("0"), 0) },
		"directory of a group": func(dir, name string) {
			os.Chown(dir, 0, somebody)
			os.Chmod(dir, 0o775|fs.ModeSticky)
			os.Chown(name, stranger, somebody)
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := openTempDir(t)
			name := filepath.Join(dir, "n")
			put(t, name, "0", 0o666)
			prepare(dir, name)
			const each = 50
			var wg sync.WaitGroup
			for _, uid := range []int{0, somebody, somebody, 0} {
				cmd := childAs(t, dir, uid, "count", name, fmt.Sprint(each))
				wg.Go(func() {
					if out, err := cmd.CombinedOutput(); err != nil {
						t.Errorf("user %d: %v: %s", uid, err, out)
					}
				})
			}
			wg.Wait()
			wantContent(t, name, fmt.Sprint(4*each))
		})
	}
}

// TestRefusedMode has a file system that refuses to set a mode which the file
// has already: it is replaced all the same.
func TestRefusedMode(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	for op, errno := range map[string]syscall.Errno{"chmod": syscall.EPERM, "chown": syscall.EPERM} {
		put(t, name, oldText, 0o600)
		p := always(kernel{}, map[string]error{op: errno})
		for _, write := range []func(x *FS) error{
			func(x *FS) error { return x.WriteFile(name, []byte(newText), 0o644) },
			func(x *FS) error { return x.WriteFileMode(name, []byte(newText), 0o600) },
		} {
			if err := write(p.fs(Strict())); err != nil {
				t.Errorf("%s: %v", op, err)
			}
		}
		wantContent(t, name, newText)
	}
	// And one that says no, and does what was requested.
	put(t, name, oldText, 0o640)
	if err := newFS(grumbling{}, []Option{Strict()}).WriteFile(name, []byte(newText), 0o644); err != nil {
		t.Error(err)
	}
	wantMode(t, name, 0o640)
}

type grumbling struct{ kernel }

// TestChownLikeOS passes IDs that are no users'.
func TestChownLikeOS(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may give a file away")
	}
	more := int64(1) << 32
	wide := int(more) // 0 where an int has 32 bits
	for _, ids := range [][2]int{{-1, -1}, {-2, -1}, {-1, -2}, {-3, -3}, {wide, 7}, {wide - 1, 5}, {somebody, -1}, {-1, somebody}} {
		for _, sys := range []system{kernel{}, spooling{}} {
			dir := t.TempDir()
			var seen [2]string
			for i, name := range []string{filepath.Join(dir, "theirs"), filepath.Join(dir, "ours")} {
				put(t, name, oldText, 0o640)
				lchown(t, stranger, name)
				var err error
				if i == 0 {
					f, oerr := os.OpenFile(name, os.O_WRONLY, 0)
					if oerr != nil {
						t.Fatal(oerr)
					}
					err = errorsOf(f.Chown(ids[0], ids[1]), f.Close())
				} else {
					f, cerr := newFS(sys, nil).Create(name)
					if cerr != nil {
						t.Fatal(cerr)
					}
					err = errorsOf(f.Chown(ids[0], ids[1]), f.Commit())
				}
				info, serr := os.Stat(name)
				if serr != nil {
					t.Fatal(serr)
				}
				st := info.Sys().(*syscall.Stat_t)
				seen[i] = fmt.Sprint(err, st.Uid, st.Gid, info.Mode())
			}
			if seen[0] != seen[1] {
				t.Errorf("Chown%v by %T: os %s, ours %s", ids, sys, seen[0], seen[1])
			}
		}
	}
}

func (g grumbling) chmod(f *file, mode fs.FileMode) error {
	g.kernel.chmod(f, mode)
	return syscall.EPERM
}

// TestStreamsPass writes to streams as the content comes, and in bounded memory
// to what cannot be staged.
func TestStreamsPass(t *testing.T) {
	dir := t.TempDir()
	reader := mkfifo(t, filepath.Join(dir, "fifo"))
	f, err := Create(filepath.Join(dir, "fifo"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString(newText)
	if got := readSome(t, reader); got != newText {
		t.Errorf("before Commit the FIFO got %q", got)
	}
	if err := f.Commit(); err != nil {
		t.Error(err)
	}

	put(t, filepath.Join(dir, "f"), oldText, 0o600)
	const size = 64 << 20
	for what, name := range map[string]string{"device": os.DevNull, "in place": filepath.Join(dir, "f")} {
		p := newProbe(kernel{})
		if what == "in place" {
			p = always(kernel{}, map[string]error{"create": syscall.EACCES})
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := p.fs(NoSync()).WriteReader(name, io.LimitReader(zeros{}, size), 0o600); err != nil {
			t.Error(err)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 16*spoolMemory {
			t.Errorf("%s: %d MiB allocated for %d", what, used>>20, size>>20)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "f")); err != nil || info.Size() != size {
		t.Errorf("%v, %v", info, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestWaitingUpdates has many goroutines wait for one file, in a process that
// may open few.
func TestWaitingUpdates(t *testing.T) {
	name := filepath.Join(t.TempDir(), "n")
	put(t, name, "0", 0o600)
	const waiting = 200
	descriptors := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip(err)
		}
		return len(entries)
	}
	before := descriptors()
	free := holdElsewhere(t, name)
	var wg sync.WaitGroup
	for range waiting {
		wg.Go(func() {
			if err := count(name, 1); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	if now := descriptors(); now > before+20 {
		t.Errorf("%d wait with %d descriptors", waiting, now-before)
	}
	free()
	wg.Wait()
	wantContent(t, name, fmt.Sprint(waiting))
	if len(updates.turns) != 0 {
		t.Errorf("the queue keeps %d files", len(updates.turns))
	}
}

// TestHangingReader has ReadFrom wait for its reader, which keeps neither Stat
// nor Close waiting.
func TestHangingReader(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	f, err := Create(name)
	if err != nil {
		t.Fatal(err)
	}
	r, w := io.Pipe()
	done := make(chan error)
	go func() { done <- second(f.ReadFrom(r)) }()
	w.Write([]byte(newText))
	finished := make(chan bool)
	go func() {
		defer close(finished)
		if _, err := f.Stat(); err != nil {
			t.Errorf("Stat: %v", err)
		}
		if err := f.Close(); !errors.Is(err, ErrNotCommitted) {
			t.Errorf("Close: %v", err)
		}
	}()
	select {
	case <-finished:
	case <-time.After(10 * time.Second):
		t.Fatal("Stat or Close hangs")
	}
	go w.Write([]byte("more"))
	defer r.Close()
	if err := <-done; !errors.Is(err, fs.ErrClosed) {
		t.Errorf("ReadFrom: %v", err)
	}
	wantOnly(t, dir)
}

// TestCallbackCannotCommit keeps the end of a WriteFunc from its callback.
func TestCallbackCannotCommit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	broken := errors.New("broken")
	err := WriteFunc(name, 0o600, func(w io.Writer) error {
		if c, ok := w.(interface{ Commit() error }); ok {
			c.Commit()
		}
		io.WriteString(w, newText)
		return broken
	})
	if err != broken {
		t.Error(err)
	}
	wantContent(t, name, "-")
}

// TestTrailingSeparator compares the errors with those of os.
func TestTrailingSeparator(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), oldText, 0o600)
	symlink(t, "f", filepath.Join(dir, "link"))
	if err := os.Mkdir(filepath.Join(dir, "d"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"f/", "link/", "d/", "absent/", "f/g", "no/absent/", "f/.", "absent/.", "f//"} {
		name = dir + "/" + name
		theirs, ours := os.WriteFile(name, nil, 0o600), WriteFile(name, nil, 0o600)
		if errText(name, theirs) != errText(name, ours) {
			t.Errorf("%s: os %v, ours %v", name, theirs, ours)
		}
		f, theirs := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if f != nil {
			f.Close()
		}
		if ours := WriteFileExcl(name, nil, 0o600); errText(name, theirs) != errText(name, ours) {
			t.Errorf("exclusively, %s: os %v, ours %v", name, theirs, ours)
		}
	}
}

// TestStrictDirectory has a directory that cannot be synced.
func TestStrictDirectory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o600)
	p := always(kernel{}, map[string]error{"syncDir": syscall.EINVAL})
	if err := p.fs().WriteFile(name, []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	if err := p.fs(Strict()).WriteFile(name, []byte(oldText), 0o600); !errors.As(err, new(*DurabilityError)) {
		t.Errorf("Strict: %v", err)
	}
	asUser(t, somebody, func() {})
	dir := filepath.Join(openTempDir(t), "d")
	if err := errorsOf(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o300)); err != nil {
		t.Fatal(err)
	}
	lchown(t, somebody, dir)
	asUser(t, somebody, func() {
		if err := With(Strict()).WriteFile(filepath.Join(dir, "f"), nil, 0o600); !errors.Is(err, ErrNotAtomic) {
			t.Errorf("a directory that is not readable: %v", err)
		}
		if err := With(Strict(), NoSync()).WriteFile(filepath.Join(dir, "f"), nil, 0o600); err != nil {
			t.Error(err)
		}
	})
}

// TestLease has another process hold a lease on the file: OpenRegular waits for
// its end, as os.Open does.
func TestLease(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o600)
	tries := 0
	x := newFS(leased{tries: &tries}, nil)
	f, _, err := x.OpenRegular(name)
	if err != nil || tries != 3 {
		t.Fatalf("%v after %d tries", err, tries)
	}
	f.Close()
}

type leased struct {
	kernel
	tries *int
}

func (l leased) openName(name string, flag int, perm fs.FileMode) (*file, error) {
	if *l.tries++; *l.tries < 3 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EAGAIN}
	}
	return l.kernel.openName(name, flag, perm)
}

// TestAttributeGone has an ACL vanish between the list and the look at it.
func TestAttributeGone(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o640)
	setUserACL(t, name, aclAttr, stranger, 4)
	p := always(kernel{}, map[string]error{"getAttr": unix.ENODATA})
	if err := p.fs(Strict()).WriteFile(name, []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	wantContent(t, name, newText)
}

// TestUnlinksOnlyItsOwn has another's file take the temporary's name.
func TestUnlinksOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), oldText, 0o600)
	f, err := Create(filepath.Join(dir, "f"))
	if err != nil {
		t.Fatal(err)
	}
	temp := filepath.Join(dir, f.temp)
	if err := errorsOf(os.Remove(temp), os.WriteFile(temp, []byte("theirs"), 0o600)); err != nil {
		t.Fatal(err)
	}
	f.Close()
	wantContent(t, temp, "theirs")
}

// TestShortNames has a file system whose names are short.
func TestShortNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{tempName(), lockName("f")} {
		if len(name) > 30 {
			t.Errorf("%s has %d bytes", name, len(name))
		}
	}
	p := always(kernel{}, map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "create": syscall.ENAMETOOLONG})
	for range 2 { // new and old
		if err := p.fs().WriteFile(filepath.Join(dir, "f"), []byte(newText), 0o600); err != nil {
			t.Error(err)
		}
		wantContent(t, filepath.Join(dir, "f"), newText)
	}
	wantOnly(t, dir, "f")
}

// TestRenameUnsupported has a file system that can neither rename exclusively
// nor link.
func TestRenameUnsupported(t *testing.T) {
	dir := t.TempDir()
	putA(t, dir)
	p := always(kernel{}, map[string]error{"renameExcl": syscall.EINVAL, "link": syscall.EPERM})
	if err := renameAB(p.fs(), dir); !errors.Is(err, errors.ErrUnsupported) || !errors.Is(err, syscall.EPERM) {
		t.Error(err)
	}
}

// TestAppendOnly works in a directory that entries can be added to, not taken
// from.
func TestAppendOnly(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "old"), oldText, 0o600)
	d, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	const appendOnly = 0x20 // FS_APPEND_FL, ioctl_iflags(2)
	flags, err := unix.IoctlGetInt(int(d.Fd()), unix.FS_IOC_GETFLAGS)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(d.Fd()), unix.FS_IOC_SETFLAGS, flags|appendOnly)
	}
	if err != nil {
		t.Skipf("cannot set the attribute: %v", err)
	}
	defer unix.IoctlSetPointerInt(int(d.Fd()), unix.FS_IOC_SETFLAGS, flags)
	for _, name := range []string{"new", "old"} {
		if err := WriteFile(filepath.Join(dir, name), []byte(newText), 0o600); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantContent(t, filepath.Join(dir, name), newText)
	}
	if err := WriteFileExcl(filepath.Join(dir, "exclusive"), nil, 0o600); err != nil {
		t.Error(err)
	}
	wantOnly(t, dir, "exclusive", "new", "old")
}

// TestWithoutFS checks that no FS is unconfined because it has no root.
func TestWithoutFS(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	for what, call := range map[string]func(){
		"In(nil)":   func() { In(nil).WriteFile(name, nil, 0o600) },
		"zero FS":   func() { new(FS).WriteFile(name, nil, 0o600) },
		"With(nil)": func() { With(nil).WriteFile(name, nil, 0o600) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", what)
				}
			}()
			call()
		}()
	}
	wantContent(t, name, "-")
}

// TestUpdateUnchanged writes nothing if nothing has changed.
func TestUpdateUnchanged(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, oldText, 0o600)
	p := newProbe(kernel{})
	for _, change := range []func([]byte) ([]byte, error){
		func(old []byte) ([]byte, error) { return old, nil },
		func(old []byte) ([]byte, error) { old[0] = 'O'; return old, nil }, // in place
	} {
		p.calls = nil
		if err := p.fs().Update(name, 0o600, change); err != nil {
			t.Error(err)
		}
		if wrote := slices.Contains(p.calls, "rename"); wrote != strings.HasPrefix(text(name), "O") {
			t.Errorf("wrote: %v", wrote)
		}
	}
	wantContent(t, name, "O"+oldText[1:])
}

// TestRemoveStale removes what a killed process leaves, and nothing else.
func TestRemoveStale(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		where := strings.TrimSuffix(prefix, "/")
		if where == "" {
			where = "."
		}
		keep := []string{"f", ".atomicfix-short.tmp", strings.Replace(staleName, ".tmp", ".txt", 1)}
		for _, name := range append(keep, staleName) {
			put(t, filepath.Join(dir, name), oldText, 0o600)
		}
		f, err := x.Create(prefix + "f") // in use
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if n, err := x.RemoveStale(where, time.Hour); n != 0 || err != nil {
			t.Errorf("young ones: %d, %v", n, err)
		}
		if n, err := x.RemoveStale(where, 0); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		f.WriteString(newText)
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
		slices.Sort(keep)
		wantOnly(t, dir, keep...)
		wantContent(t, filepath.Join(dir, "f"), newText)
		if _, err := x.RemoveStale(prefix+"no", 0); !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
	if os.Getuid() != 0 {
		t.Skip("another's file needs root")
	}
	dir := t.TempDir()
	put(t, filepath.Join(dir, staleName), oldText, 0o600)
	lchown(t, stranger, filepath.Join(dir, staleName))
	if n, err := RemoveStale(dir, 0); n != 0 || err != nil {
		t.Errorf("another's: %d, %v", n, err)
	}
	wantOnly(t, dir, staleName)
}

// TestStaleAtCommit looks for stale files at the moment in which Commit has closed the
// temporary, and with that unlocked it, and has not yet renamed it.
func TestStaleAtCommit(t *testing.T) {
	const age = 200 * time.Millisecond
	for what, create := range map[string]func(x *FS, name string) (*File, error){
		"Create":     (*FS).Create,
		"CreateExcl": func(x *FS, name string) (*File, error) { return x.CreateExcl(name+"2", 0o600) },
	} {
		dir := openTempDir(t)
		put(t, filepath.Join(dir, "f"), oldText, 0o600)
		writer, remover := newProbe(kernel{}), newProbe(kernel{})
		closed, renamed := make(chan bool), make(chan bool)
		writer.fault = func(_ int, op string) any {
			switch op {
			case "createUnnamed":
				return errors.ErrUnsupported
			case "rename", "renameExcl":
				close(closed)
				<-renamed
			}
			return nil
		}
		f, err := create(writer.fs(), filepath.Join(dir, "f"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		f.WriteString(newText)
		time.Sleep(2 * age)
		done := make(chan error)
		remover.fault = func(_ int, op string) any {
			if op == "open" { // it has found the temporary to be old
				go func() { done <- f.Commit() }()
				<-closed
			}
			return nil
		}
		if n, err := remover.fs().RemoveStale(dir, age); n != 0 || err != nil {
			t.Errorf("%s: removed %d, %v", what, n, err)
		}
		close(renamed)
		if err := <-done; err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestUnnamed kills a process that writes a new file: nothing is left.
func TestUnnamed(t *testing.T) {
	dir := t.TempDir()
	f, err := CreateExcl(filepath.Join(dir, "f"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString(newText)
	if f.temp != "" {
		t.Skip("no files without a name in the temporary directory")
	}
	wantOnly(t, dir)
	if err := f.Commit(); err != nil {
		t.Error(err)
	}
	wantContent(t, filepath.Join(dir, "f"), newText)
}

// TestSymlink replaces a link while others follow it.
func TestSymlink(t *testing.T) {
	both(t, func(t *testing.T, x *FS, dir, prefix string) {
		put(t, filepath.Join(dir, "f"), oldText, 0o600)
		for _, to := range []string{"f", "g", "nowhere"} {
			if err := x.Symlink(to, prefix+"link"); err != nil {
				t.Error(err)
			}
			if got, err := os.Readlink(filepath.Join(dir, "link")); got != to || err != nil {
				t.Errorf("%s, %v", got, err)
			}
		}
		var e *os.LinkError
		if err := x.Symlink("g", prefix+"f"); !errors.Is(err, fs.ErrExist) || !errors.As(err, &e) || e.New != prefix+"f" {
			t.Errorf("over a file: %v", err)
		}
		wantContent(t, filepath.Join(dir, "f"), oldText)
		if err := x.Rename(prefix+"f", prefix+"g"); err != nil {
			t.Error(err)
		}
		put(t, filepath.Join(dir, "f"), newText, 0o600)
		if err := x.Rename(prefix+"f", prefix+"g"); err != nil {
			t.Error(err)
		}
		wantContent(t, filepath.Join(dir, "g"), newText)
		if err := x.Rename(prefix+"f", prefix+"g"); !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &e) || e.Old != prefix+"f" {
			t.Errorf("of nothing: %v", err)
		}
		wantOnly(t, dir, "g", "link")
	})
}

// TestOnFallback checks that what is not atomic is reported, and nothing else.
func TestOnFallback(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o600)
	var told []string
	tell := OnFallback(func(name string, cause error) { told = append(told, fmt.Sprint(filepath.Base(name), " ", cause)) })
	if err := errorsOf(
		With(tell).WriteFile(name, []byte(newText), 0o600),
		With(tell).WriteFile(os.DevNull, nil, 0o600),
		always(kernel{}, map[string]error{"rename": syscall.EBUSY}).fs(tell).WriteFile(name, nil, 0o600),
	); err != nil {
		t.Fatal(err)
	}
	if want := []string{"null not a regular file", "f device or resource busy"}; !slices.Equal(told, want) {
		t.Errorf("%q", told)
	}
}

// TestFileAt writes and reads staged content at an offset, and gives it an owner.
func TestFileAt(t *testing.T) {
	for what, p := range map[string]*probe{
		"staged":   newProbe(kernel{}),
		"in place": always(kernel{}, map[string]error{"create": syscall.EACCES}),
	} {
		name := filepath.Join(t.TempDir(), "f")
		put(t, name, oldText, 0o600)
		f, err := p.fs().Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString("0123456789")
		if n, err := f.WriteAt([]byte("AB"), 2); n != 2 || err != nil {
			t.Errorf("%s: WriteAt: %d, %v", what, n, err)
		}
		f.WriteString("!") // where the last Write ended
		buf := make([]byte, 4)
		if n, err := f.ReadAt(buf, 1); string(buf[:n]) != "1AB4" || err != nil {
			t.Errorf("%s: ReadAt: %q, %v", what, buf[:n], err)
		}
		if _, err := f.ReadAt(buf, 100); err != io.EOF {
			t.Errorf("%s: ReadAt behind the end: %v", what, err)
		}
		if err := errorsOf(f.Truncate(13), f.Truncate(12), f.Chown(-1, os.Getgid())); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if os.Getuid() == 0 {
			f.Chown(stranger, somebody)
		}
		if err := f.Commit(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		wantContent(t, name, "01AB456789!\x00")
		if st, err := os.Stat(name); os.Getuid() == 0 && (err != nil || st.Sys().(*syscall.Stat_t).Uid != stranger || st.Sys().(*syscall.Stat_t).Gid != somebody) {
			t.Errorf("%s: %v", what, st.Sys())
		}
		if _, err := f.ReadAt(buf, 0); !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s: after Commit: %v", what, err)
		}
		wantClosed(t, p)
	}
}

// TestChownSetid gives a setuid program to another user, who has not made it.
func TestChownSetid(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("to give a file away needs root")
	}
	for what, faults := range map[string]map[string]error{"replaced": nil, "in place": {"create": syscall.EACCES}} {
		for ask, want := range map[fs.FileMode]fs.FileMode{0: 0o755, fs.ModeSetuid | 0o711: fs.ModeSetuid | 0o711} {
			name := filepath.Join(t.TempDir(), "f")
			put(t, name, oldText, fs.ModeSetuid|fs.ModeSetgid|0o755)
			f, err := always(kernel{}, faults).fs().Create(name)
			if err != nil {
				t.Fatal(err)
			}
			f.WriteString(newText)
			if err := f.Chown(stranger, -1); err != nil {
				t.Error(err)
			}
			if ask != 0 {
				f.Chmod(ask)
			}
			if err := f.Commit(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			wantContent(t, name, newText)
			wantMode(t, name, want)
		}
	}
}

// TestChownRefused requests an owner that the file may not have: it stays as it is,
// and every user who may read it can do so meanwhile.
func TestChownRefused(t *testing.T) {
	for what, faults := range map[string]map[string]error{
		"replaced": {"chown": syscall.EPERM},
		"in place": {"chown": syscall.EPERM, "create": syscall.EACCES},
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "f")
		put(t, name, oldText, 0o644)
		p := always(kernel{}, faults)
		f, err := p.fs().Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.WriteString(newText)
		f.Chown(stranger, -1)
		var e *fs.PathError
		if err := f.Commit(); !errors.Is(err, fs.ErrPermission) || !errors.As(err, &e) || e.Op != "chown" || e.Path != name {
			t.Errorf("%s: %v", what, err)
		}
		if what == "replaced" && slices.Contains(p.calls, "open") {
			t.Errorf("%s: the old file was opened: %q", what, p.calls)
		}
		wantContent(t, name, oldText)
		wantMode(t, name, 0o644)
		wantOnly(t, dir, "f")
	}
}

// TestBindMount updates one file by two names of its directory, from processes and
// goroutines.
func TestBindMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir, other := t.TempDir(), t.TempDir()
	mount(t, dir, other, "", syscall.MS_BIND, "")
	put(t, filepath.Join(dir, "n"), "0", 0o600)
	const each = 50
	var wg sync.WaitGroup
	for _, d := range []string{dir, other} {
		name := filepath.Join(d, "n")
		cmd := child(t, "count", name, fmt.Sprint(each))
		wg.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
		wg.Go(func() {
			if err := count(name, each); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantContent(t, filepath.Join(other, "n"), fmt.Sprint(4*each))
}
