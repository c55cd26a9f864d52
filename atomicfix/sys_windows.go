package atomicfix

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

const openNonblock = 0 // opening a file does not wait here

// kernel is the system itself; names are relative to root if there is one.
type kernel struct{ root *os.Root }

// A dir is a directory held open. path is its absolute name, and empty beneath
// a root, where nothing goes by name.
type dir struct {
	root *os.Root
	path string
}

// canSync is true: a rename is written through the journal.
func (d *dir) canSync() bool { return true }

// meta is what this package wants to know of a file. There are no owners to
// compare: the DACL is kept as an attribute.
type meta struct {
	info     fs.FileInfo
	mode     fs.FileMode
	nlink    uint64
	uid, gid int
	size     int64

	appendOnly bool // never
}

func metaOf(info fs.FileInfo, err error) (meta, error) {
	if err != nil {
		return meta{}, err
	}
	return meta{info: info, mode: info.Mode(), size: info.Size()}, nil
}

func (m meta) same(n meta) bool { return os.SameFile(m.info, n.info) }

func (m meta) unchanged(n meta) bool {
	return m.same(n) && m.mode == n.mode && m.info.ModTime().Equal(n.info.ModTime())
}

// hasOwners is false: owners are not looked at.
const hasOwners = false

func (m meta) mine() bool { return true } // there are no sticky directories

func (m meta) shared(bool) bool { return false }

func (m meta) permAfterWrite() fs.FileMode { return m.mode.Perm() }

func isLink(m meta) bool { return m.mode&fs.ModeSymlink != 0 }

func (kernel) magic(*dir, meta) bool { return false }

func (k kernel) stat(name string) (meta, error) {
	if k.root != nil {
		return metaOf(k.root.Stat(name))
	}
	return metaOf(os.Stat(name))
}

func (k kernel) openName(name string, flag int, perm fs.FileMode) (*os.File, error) {
	if k.root != nil {
		return k.root.OpenFile(name, flag, perm)
	}
	return os.OpenFile(name, flag, perm)
}

func (k kernel) openDir(name string) (*dir, error) {
	if k.root != nil {
		root, err := k.root.OpenRoot(name)
		if err != nil {
			return nil, err
		}
		return &dir{root: root}, nil
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &dir{root: root, path: path}, nil
}

// scratch makes a file for this process; it has a name until it is closed.
func (kernel) scratch() (*os.File, func(), error) {
	f, err := os.CreateTemp("", tempPrefix+"*"+tempSuffix)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { os.Remove(f.Name()) }, nil
}

func (kernel) createUnnamed(*dir, string, fs.FileMode) (*os.File, error) {
	return nil, errors.ErrUnsupported
}

func (kernel) linkUnnamed(*os.File, *dir, string) error { return errors.ErrUnsupported }

func (k kernel) openStream(d *dir, base, label string, perm fs.FileMode) (*os.File, error) {
	return k.open(d, base, label, os.O_WRONLY|os.O_CREATE, perm)
}

func (kernel) lstat(d *dir, base string) (meta, error)      { return metaOf(d.root.Lstat(base)) }
func (kernel) statDir(d *dir) (meta, error)                 { return metaOf(d.root.Stat(".")) }
func (kernel) readlink(d *dir, base string) (string, error) { return d.root.Readlink(base) }

// access looks at the read-only attribute only: what the DACL allows is known
// when the file is opened, and a DACL that forbids writing is copied.
func (kernel) access(d *dir, base string) error {
	info, err := d.root.Lstat(base)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return syscall.EACCES
	}
	return err
}

func (kernel) create(d *dir, base, label string, perm fs.FileMode) (*os.File, error) {
	return d.root.OpenFile(base, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm.Perm())
}

func (kernel) open(d *dir, base, label string, flag int, perm fs.FileMode) (*os.File, error) {
	info, err := d.root.Lstat(base)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, errLoop
	}
	return d.root.OpenFile(base, flag, perm.Perm())
}

func (kernel) reopenTemp(d *dir, base, label string) (*os.File, error) { return d.root.Open(base) }

// held2s repeats a call for up to two seconds while somebody else, mostly a
// virus scanner or an indexer, has the file open in a way that forbids it.
func held2s(call func() error) error {
	const limit = 2 * time.Second
	start := time.Now()
	for delay := time.Millisecond; ; delay = min(2*delay, 100*time.Millisecond) {
		err := call()
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || time.Since(start) > limit {
			return err
		}
		time.Sleep(delay/2 + rand.N(delay)) // so that two who wait for each other part
	}
}

// rename replaces a file that others have open only if they allow that, which
// files opened by the os package do not.
func (kernel) rename(d *dir, from, to string) error {
	if info, err := d.root.Lstat(to); err == nil && (info.IsDir() || info.Mode().Perm()&0o200 == 0) {
		return d.root.Rename(from, to) // no waiting will help
	}
	return held2s(func() error { return d.root.Rename(from, to) })
}

// renameExcl is MoveFileEx without MOVEFILE_REPLACE_EXISTING. Beneath a root,
// where nothing may go by name, link takes its place.
func (kernel) renameExcl(d *dir, from string, to *dir, base string) error {
	if d.path == "" || to.path == "" {
		return errors.ErrUnsupported
	}
	from16, err := windows.UTF16PtrFromString(filepath.Join(d.path, from))
	if err != nil {
		return err
	}
	to16, err := windows.UTF16PtrFromString(filepath.Join(to.path, base))
	if err != nil {
		return err
	}
	return held2s(func() error {
		err := windows.MoveFileEx(from16, to16, windows.MOVEFILE_WRITE_THROUGH)
		if _, lerr := to.root.Lstat(base); lerr == nil && errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return windows.ERROR_ALREADY_EXISTS // as it is called if a directory has the name
		}
		return err
	})
}

func (kernel) link(d *dir, from string, to *dir, base string) error {
	switch {
	case d == to:
		return d.root.Link(from, base)
	case d.path == "" || to.path == "":
		return errors.ErrUnsupported
	}
	return os.Link(filepath.Join(d.path, from), filepath.Join(to.path, base))
}

func (kernel) unlink(d *dir, base string) error {
	return held2s(func() error { return d.root.Remove(base) })
}

// syncDir does nothing: Windows has no call for that, and writes a rename
// through its journal.
func (kernel) syncDir(*dir) error { return nil }

func (kernel) closeDir(d *dir) error { return d.root.Close() }

func (kernel) write(f *os.File, p []byte) (int, error)             { return f.Write(p) }
func (kernel) readFrom(f *os.File, r io.Reader) (int64, error)     { return f.ReadFrom(r) }
func (kernel) readAt(f *os.File, p []byte, off int64) (int, error) { return f.ReadAt(p, off) }
func (kernel) seek(f *os.File, offset int64, whence int) (int64, error) {
	return f.Seek(offset, whence)
}
func (kernel) reserve(*os.File, int64) error            { return nil }
func (kernel) truncate(f *os.File, size int64) error    { return f.Truncate(size) }
func (kernel) fstat(f *os.File) (meta, error)           { return metaOf(f.Stat()) }
func (kernel) chown(*os.File, int, int) error           { return nil }
func (kernel) chmod(f *os.File, perm fs.FileMode) error { return f.Chmod(perm) }
func (kernel) info(f *os.File) (fs.FileInfo, error)     { return f.Stat() }
func (kernel) sync(f *os.File) error                    { return f.Sync() }
func (kernel) close(f *os.File) error                   { return f.Close() }

// lock locks a byte far beyond any content, since a lock keeps others from
// reading what it covers.
func (kernel) lock(f *os.File, wait bool) error {
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK)
	if !wait {
		flags |= windows.LOCKFILE_FAIL_IMMEDIATELY
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if err == windows.ERROR_LOCK_VIOLATION || err == windows.ERROR_IO_PENDING {
		return errLocked
	}
	return err
}

func (k kernel) lockContent(f *os.File, exclusive, wait bool) error {
	if !exclusive {
		return nil // so that it keeps nobody from writing
	}
	return k.lock(f, wait)
}

func (kernel) keyOf(d *dir) (string, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return "", err
	}
	defer f.Close()
	var info windows.ByHandleFileInformation
	err = windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info)
	return fmt.Sprint(info.VolumeSerialNumber, ":", info.FileIndexHigh, ":", info.FileIndexLow, "/"), err
}

func (kernel) unlock(f *os.File) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
