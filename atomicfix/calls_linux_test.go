package atomicfix

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// replacing is what a write makes of system calls to replace a file of our own. Each
// operation of a system is one of them; TestKernelCalls counts them by strace.
var replacing = []string{
	"openDir", "lstat", "statDir", // what is there
	"create", "fstat", "write", // what is to be there
	"listAttrs", "flistAttrs", "chmod", // as what is there
	"sync", "lstat", // and it still is
	"close", "rename", "syncDir", "closeDir",
}

// TestCalls holds the number of system calls of a write.
func TestCalls(t *testing.T) {
	if len(replacing) > 15 {
		t.Errorf("%d calls", len(replacing))
	}
	dir := t.TempDir()
	d, err := kernel{}.openDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer kernel{}.closeDir(d)
	if m, err := (kernel{}).statDir(d); err != nil || !m.plain {
		t.Skipf("the temporary directory is on a file system with rules of its own: %v", err)
	}
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	if list, err := (kernel{}).listAttrs(d, "f"); err != nil || hasLabel(list) {
		t.Skipf("files have labels here: %q, %v", list, err)
	}
	p := newProbe(kernel{})
	if err := p.fs().WriteFile(name, []byte(newText), 0o644); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(p.calls, replacing) {
		t.Errorf("%d calls: %q", len(p.calls), p.calls)
	}
	p.calls = nil
	if err := p.fs(NoSync()).WriteFile(name, []byte(newText), 0o644); err != nil {
		t.Fatal(err)
	}
	if len(p.calls) != len(replacing)-2 {
		t.Errorf("without syncs: %d calls: %q", len(p.calls), p.calls)
	}
}

// guarded is a system that lets no user write to f, although its mode says that the
// owner may.
type guarded struct {
	kernel
	label string // that f has
	ruled bool   // the file system has rules of its own
	uid   int    // of f, if that is not ours
}

func (g guarded) access(*dir, string) error { return syscall.EACCES }

func (g guarded) open(d *dir, base, label string, flag int, perm fs.FileMode) (*file, error) {
	if base == "f" && flag&(os.O_WRONLY|os.O_RDWR) != 0 {
		return nil, syscall.EACCES
	}
	return g.kernel.open(d, base, label, flag, perm)
}

func (g guarded) listAttrs(d *dir, base string) ([]string, error) {
	list, err := g.kernel.listAttrs(d, base)
	if g.label != "" {
		list = append(list, g.label)
	}
	return list, err
}

func (g guarded) statDir(d *dir) (meta, error) {
	m, err := g.kernel.statDir(d)
	m.plain = !g.ruled
	return m, err
}

func (g guarded) lstat(d *dir, base string) (meta, error) {
	m, err := g.kernel.lstat(d, base)
	if g.uid != 0 && base == "f" {
		m.uid = g.uid
	}
	return m, err
}

// TestRefusedWrite has the system refuse what the mode allows. That a file is our
// own, with a mode that lets the owner write, is no reason to replace it if there is
// a label on it, or if the file system has rules of its own.
func TestRefusedWrite(t *testing.T) {
	for what, g := range map[string]guarded{
		"a label":             {label: "security.selinux"},
		"another system's":    {label: "system.nfs4_acl"},
		"FUSE":                {ruled: true},
		"another user's file": {uid: os.Geteuid() + 1},
	} {
		for _, write := range []func(x *FS, name string) error{
			func(x *FS, name string) error { return x.WriteFile(name, []byte(newText), 0o644) },
			func(x *FS, name string) error { return x.WriteFileMode(name, []byte(newText), 0o600) },
			func(x *FS, name string) error { return second(x.Create(name)) },
			func(x *FS, name string) error { return x.Update(name, 0o600, changeToNew) },
		} {
			for _, opts := range [][]Option{nil, {Strict()}} {
				dir := t.TempDir()
				name := filepath.Join(dir, "f")
				put(t, name, oldText, 0o644)
				err := write(newFS(g, opts), name)
				if !errors.Is(err, fs.ErrPermission) || errors.Is(err, ErrNotAtomic) {
					t.Errorf("%s: %v", what, err)
				}
				wantContent(t, name, oldText)
				wantOnly(t, dir, "f")
			}
		}
	}
}

// TestReadOnlyMount has one file alone mounted read-only, in a directory that may be
// written to.
func TestReadOnlyMount(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	put(t, name, oldText, 0o644)
	mount(t, name, name, "", syscall.MS_BIND, "")
	if err := syscall.Mount("", name, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	theirs, ours := os.WriteFile(name, []byte(newText), 0o644), WriteFile(name, []byte(newText), 0o644)
	if errText(name, theirs) != errText(name, ours) || !errors.Is(ours, syscall.EROFS) {
		t.Errorf("os %v, ours %v", theirs, ours)
	}
	wantContent(t, name, oldText)
	wantOnly(t, dir, "f")
}
