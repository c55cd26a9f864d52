//go:build linux || darwin || freebsd || netbsd || openbsd

package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// In these tests the files change while the package looks at them, or the
// system has a peculiarity that this machine lacks.

// liar is a kernel some of whose answers are replaced.
type liar struct {
	kernel
	statFunc  func(name string) (meta, error)
	lstatFunc func(d *dir, base string) (meta, error)
	linkFunc  func(d *dir, from string, to *dir, base string) error
	readFunc  func(f *file, p []byte, off int64) (int, error)
	fstatFunc func(f *file) (meta, error)
}

func (l liar) stat(name string) (meta, error) {
	if l.statFunc != nil {
		return l.statFunc(name)
	}
	return l.kernel.stat(name)
}

func (l liar) lstat(d *dir, base string) (meta, error) {
	if l.lstatFunc != nil {
		return l.lstatFunc(d, base)
	}
	return l.kernel.lstat(d, base)
}

func (l liar) link(d *dir, from string, to *dir, base string) error {
	if l.linkFunc != nil {
		return l.linkFunc(d, from, to, base)
	}
	return l.kernel.link(d, from, to, base)
}

func (l liar) readAt(f *file, p []byte, off int64) (int, error) {
	if l.readFunc != nil {
		return l.readFunc(f, p, off)
	}
	return l.kernel.readAt(f, p, off)
}

func (l liar) fstat(f *file) (meta, error) {
	if l.fstatFunc != nil {
		return l.fstatFunc(f)
	}
	return l.kernel.fstat(f)
}

// always makes operations fail each time.
func always(next system, faults map[string]error) *probe {
	p := newProbe(next)
	p.fault = func(_ int, op string) any {
		if err, ok := faults[op]; ok {
			return err
		}
		return nil
	}
	return p
}

func wantClosed(t *testing.T, p *probe) {
	t.Helper()
	if len(p.handles) != 0 {
		t.Errorf("open: %v", p.handles)
	}
}

// TestLeadsElsewhere has a path that never leads, hop by hop, where stat says:
// what the hops lead to is trusted at last, and no name is followed.
func TestLeadsElsewhere(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), oldText, 0o600)
	symlink(t, "f", filepath.Join(dir, "link"))
	p := newProbe(liar{statFunc: func(name string) (meta, error) {
		m, err := kernel{}.stat(name)
		m.ino++
		return m, err
	}})
	if err := p.fs(Strict()).WriteFile(filepath.Join(dir, "link"), []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	if slices.Contains(p.calls, "openName") {
		t.Errorf("by name: %v", p.calls)
	}
	wantContent(t, filepath.Join(dir, "f"), newText)
	wantOnly(t, dir, "f", "link")
	wantClosed(t, p)
}

// TestChangesOnce has the name change once between two looks at it.
func TestChangesOnce(t *testing.T) {
	for what, change := range map[string]func(*meta, *error){
		"another file": func(m *meta, _ *error) { m.ino++ },
		"a directory":  func(m *meta, _ *error) { m.mode |= fs.ModeDir },
		"no link": func(m *meta, err *error) {
			if isLink(*m) {
				*err = syscall.ENOENT
			}
		},
	} {
		tmp := t.TempDir()
		name := filepath.Join(tmp, "f")
		put(t, name, oldText, 0o600)
		symlink(t, "f", filepath.Join(tmp, "link"))
		changed := false
		p := newProbe(liar{lstatFunc: func(d *dir, base string) (meta, error) {
			m, err := kernel{}.lstat(d, base)
			if !changed && (base == "f" || what == "no link") {
				changed = true
				change(&m, &err)
			}
			return m, err
		}})
		if err := p.fs().WriteFile(filepath.Join(tmp, "link"), []byte(what), 0o600); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		wantClosed(t, p)
		if what != "no link" {
			wantContent(t, name, what)
		}
		wantOnly(t, tmp, "f", "link")
	}
}

// TestReplacedMeanwhile has others replace the file that a link leads to each time
// that it is looked at: it is replaced by us, too, and never written in place.
func TestReplacedMeanwhile(t *testing.T) {
	tmp := t.TempDir()
	name := filepath.Join(tmp, "f")
	put(t, name, oldText, 0o640)
	symlink(t, "f", filepath.Join(tmp, "link"))
	replaced := 0
	p := newProbe(liar{lstatFunc: func(d *dir, base string) (meta, error) {
		if base == "f" {
			replaced++
			put(t, name+".other", oldText, 0o640)
			if err := os.Rename(name+".other", name); err != nil {
				t.Fatal(err)
			}
		}
		return kernel{}.lstat(d, base)
	}})
	if err := p.fs(Strict()).WriteFile(filepath.Join(tmp, "link"), []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	if replaced == 0 || !slices.Contains(p.calls, "rename") {
		t.Errorf("replaced %d times by others, then %v", replaced, p.calls)
	}
	wantClosed(t, p)
	wantContent(t, name, newText)
	if info, err := os.Stat(name); err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, %v", info, err)
	}
	wantOnly(t, tmp, "f", "link")
}

// TestBecomesFIFO has a FIFO where stat saw nothing.
func TestBecomesFIFO(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := newProbe(liar{statFunc: func(string) (meta, error) { return meta{}, syscall.ENOENT }})
	if err := p.fs().WriteFile(name, []byte(newText), 0o600); err != nil {
		t.Error(err)
	}
	buf := make([]byte, 100)
	if n, _ := r.Read(buf); string(buf[:n]) != newText {
		t.Errorf("%q", buf[:n])
	}
	wantClosed(t, p)
}

func TestTooManyLinks(t *testing.T) {
	dir := t.TempDir()
	long := strings.Repeat("l", 200) // more than readlink first makes room for
	symlink(t, "./././././././././././././././././././././././././././././././././././"+long, filepath.Join(dir, long))
	p := newProbe(liar{statFunc: func(string) (meta, error) { return meta{}, syscall.ENOENT }})
	if err := p.fs().WriteFile(filepath.Join(dir, long), nil, 0o600); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("%v", err)
	}
	wantClosed(t, p)
}

func TestNoTempName(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	p := always(kernel{}, map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "create": syscall.EEXIST})
	err := p.fs().WriteFile(name, nil, 0o600)
	if err == nil || errors.Is(err, fs.ErrExist) {
		t.Errorf("an error about temporaries passes for one about the file: %v", err)
	}
	wantClosed(t, p)
}

// TestLostAnswer is NFS, where link(2) may fail with EEXIST because it succeeded
// already.
func TestLostAnswer(t *testing.T) {
	for _, tt := range []struct {
		what string
		link func(d *dir, from string, to *dir, base string) error
		won  bool
	}{
		{"our own link", func(d *dir, from string, to *dir, base string) error {
			kernel{}.link(d, from, to, base)
			return syscall.EEXIST
		}, true},
		{"another's file", func(_ *dir, _ string, to *dir, base string) error {
			f, err := kernel{}.create(to, base, base, 0o600)
			if err == nil {
				kernel{}.close(f)
			}
			return syscall.EEXIST
		}, false},
		{"no file", func(d *dir, from string, to *dir, base string) error { return syscall.EEXIST }, false},
	} {
		dir := t.TempDir()
		name := filepath.Join(dir, "f")
		p := always(liar{linkFunc: tt.link}, map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.EINVAL})
		err := p.fs().WriteFileExcl(name, []byte(newText), 0o600)
		if tt.won != (err == nil) || !tt.won && !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v", tt.what, err)
		}
		if tt.won {
			wantContent(t, name, newText)
		}
		if temps := temporaries(t, dir); len(temps) != 0 {
			t.Errorf("%s: left %v", tt.what, temps)
		}
		wantClosed(t, p)
	}
}

func TestStrictExcl(t *testing.T) {
	dir := t.TempDir()
	p := always(kernel{}, map[string]error{"createUnnamed": syscall.EOPNOTSUPP, "renameExcl": syscall.ENOSYS, "link": syscall.EPERM})
	err := p.fs(Strict()).WriteFileExcl(filepath.Join(dir, "f"), []byte(newText), 0o600)
	if !errors.Is(err, ErrNotAtomic) || !errors.Is(err, syscall.EPERM) {
		t.Error(err)
	}
	wantOnly(t, dir)
	wantClosed(t, p)
}

// TestRenameDirectory must not look first and rename then.
func TestRenameDirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "a"), 0o700); err != nil {
		t.Fatal(err)
	}
	for errno, want := range map[syscall.Errno]error{
		syscall.ENOSYS: errors.ErrUnsupported, syscall.EINVAL: errors.ErrUnsupported, syscall.EPERM: fs.ErrPermission,
	} {
		p := always(kernel{}, map[string]error{"renameExcl": errno})
		for _, name := range []string{"a", "a/"} {
			var e *os.LinkError
			err := p.fs().RenameNoReplace(filepath.Join(dir)+"/"+name, filepath.Join(dir, "b"))
			if !errors.Is(err, want) || !errors.As(err, &e) {
				t.Errorf("%v: %v", errno, err)
			}
		}
		wantClosed(t, p)
	}
	wantOnly(t, dir, "a")
}

// TestShrinks has the temporary end before its size, as if it had been cut off
// by another: nothing may be written then.
func TestShrinks(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o600)
	p := always(liar{readFunc: func(_ *file, p []byte, _ int64) (int, error) { return copy(p, "ab"), io.EOF }},
		map[string]error{"rename": syscall.EBUSY})
	if err := p.fs().WriteFile(name, []byte(newText), 0o600); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	wantContent(t, name, oldText)
	wantOnly(t, dir, "f")
	wantClosed(t, p)
}

// TestBecomesSpecial has what is opened to be written in place turn out to be
// no regular file.
func TestBecomesSpecial(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o600)
	p := always(liar{fstatFunc: func(f *file) (meta, error) {
		m, err := kernel{}.fstat(f)
		m.mode |= fs.ModeIrregular
		return m, err
	}}, map[string]error{"create": syscall.EACCES})
	if err := p.fs().WriteFile(name, []byte(newText), 0o600); !errors.Is(err, ErrNotRegular) {
		t.Error(err)
	}
	wantContent(t, name, oldText)
	wantClosed(t, p)
}

// TestRelinked changes the link while Update waits for the lock.
func TestRelinked(t *testing.T) {
	for _, to := range []string{"g", os.DevNull} {
		dir := t.TempDir()
		f, g, link := filepath.Join(dir, "f"), filepath.Join(dir, "g"), filepath.Join(dir, "link")
		put(t, f, "f", 0o600)
		put(t, g, "g", 0o600)
		symlink(t, "f", link)

		free, done := holdElsewhere(t, f), make(chan error)
		p := newProbe(kernel{})
		waiting := make(chan bool, 99)
		p.fault = func(_ int, op string) any {
			if op == "lock" {
				waiting <- true
			}
			return nil
		}
		go func() {
			done <- p.fs().Update(link, 0o600, func(old []byte) ([]byte, error) { return append(old, '!'), nil })
		}()
		<-waiting
		time.Sleep(10 * time.Millisecond)
		if err := os.Remove(link); err != nil {
			t.Fatal(err)
		}
		symlink(t, to, link)
		free()
		err := <-done
		if to == os.DevNull {
			if !errors.Is(err, ErrNotRegular) {
				t.Errorf("relinked to a device: %v", err)
			}
		} else if err != nil {
			t.Error(err)
		} else {
			wantContent(t, g, "g!")
		}
		wantContent(t, f, "f")
		wantClosed(t, p)
	}
}

// holdElsewhere has another process take the lock of name, until free.
func holdElsewhere(t *testing.T, name string) (free func()) {
	t.Helper()
	cmd := child(t, "hold", name)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	if _, err := io.ReadFull(out, make([]byte, len("held"))); err != nil {
		t.Fatal(err)
	}
	return func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// TestSidecar puts other things where the sidecar should be.
func TestSidecar(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	sidecar := filepath.Join(dir, lockName("f"))
	put(t, name, oldText, 0o640)
	update := func() error { return Update(name, 0o600, changeToNew) }

	if err := syscall.Mkfifo(sidecar, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := update(); !errors.Is(err, ErrNotRegular) {
		t.Errorf("FIFO: %v", err)
	}
	os.Remove(sidecar)
	symlink(t, "f", sidecar)
	if err := update(); !isLoop(err) {
		t.Errorf("link: %v", err)
	}
	os.Remove(sidecar)
	wantContent(t, name, oldText)
	if err := os.Chmod(name, 0o751); err != nil {
		t.Fatal(err)
	}
	if err := update(); err != nil {
		t.Error(err)
	}
	wantContent(t, name, newText)
	if info, err := os.Lstat(sidecar); err != nil || info.Mode() != 0o600 || info.Size() != 0 {
		t.Errorf("%v %v", info.Mode(), err)
	}

	p := always(kernel{}, map[string]error{"open": syscall.ENOENT, "linkUnnamed": syscall.EEXIST, "renameExcl": syscall.EEXIST})
	if err := p.fs().Update(name, 0o600, changeToNew); !errors.Is(err, errChanged) {
		t.Errorf("a sidecar that comes and goes: %v", err)
	}
	wantClosed(t, p)
}

// TestSidecarRemoved removes the sidecar while Update waits for it, and lets
// another take its name or not: two that
// lock different files must not both go ahead.
func TestSidecarRemoved(t *testing.T) {
	for _, again := range []bool{false, true} {
		testSidecarRemoved(t, again)
	}
}

func testSidecarRemoved(t *testing.T, again bool) {
	name := filepath.Join(t.TempDir(), "f")
	put(t, name, "", 0o600)
	free := holdElsewhere(t, name)
	p := newProbe(kernel{})
	waiting, done := make(chan bool, 99), make(chan error)
	p.fault = func(_ int, op string) any {
		if op == "lock" {
			waiting <- true
		}
		return nil
	}
	go func() { done <- p.fs().Update(name, 0o600, changeToNew) }()
	<-waiting
	time.Sleep(10 * time.Millisecond)
	sidecar := filepath.Join(filepath.Dir(name), lockName("f"))
	if err := os.Remove(sidecar); err != nil {
		t.Fatal(err)
	}
	if again {
		put(t, sidecar, "", 0o600)
	}
	free()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(waiting) == 0 {
		t.Error("was content with the removed sidecar")
	}
	wantContent(t, name, newText)
	wantClosed(t, p)
}

// TestReadGrows reads a file that is longer than lstat said, as those of procfs.
func TestReadGrows(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	long := strings.Repeat(oldText, 1000)
	put(t, name, long, 0o600)
	x := newFS(liar{lstatFunc: func(d *dir, base string) (meta, error) {
		m, err := kernel{}.lstat(d, base)
		m.size = 0
		return m, err
	}}, nil)
	if err := x.Update(name, 0o600, func(old []byte) ([]byte, error) {
		if string(old) != long {
			t.Errorf("read %d of %d bytes", len(old), len(long))
		}
		return []byte(newText), nil
	}); err != nil {
		t.Error(err)
	}
	wantContent(t, name, newText)
}

// TestRootSpecial writes through a root to what cannot be replaced.
func TestRootSpecial(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenFile(filepath.Join(dir, "fifo"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	f, err := In(root).Create("fifo")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteString(newText)
	if err := f.Commit(); err != nil {
		t.Error(err)
	}
	buf := make([]byte, 100)
	if n, _ := r.Read(buf); string(buf[:n]) != newText {
		t.Errorf("%q", buf[:n])
	}
}
