//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd

package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// What the os package offers on every system: a directory is held open as an
// os.Root. It serves Windows, and in its plainest form the systems that have no
// file of their own here.

// kernel is the system itself; names are relative to root if there is one.
type kernel struct{ root *os.Root }

// A dir is a directory held open. path is its absolute name, and empty beneath
// a root, where nothing goes by name.
type dir struct {
	root *os.Root
	path string
}

// A file is an open file.
type file = os.File

func osFile(f *file) *os.File { return f }

func share(*file) {}

func (d *dir) canSync() bool { return true }

// meta is what this package wants to know of a file. Without owners, uid and gid
// are 0.
type meta struct {
	info     fs.FileInfo
	mode     fs.FileMode
	nlink    uint64 // unknown
	uid, gid int
	size     int64

	appendOnly, plain bool // never
}

func metaOf(info fs.FileInfo, err error) (meta, error) {
	if err != nil {
		return meta{}, err
	}
	m := meta{info: info, mode: info.Mode(), size: info.Size()}
	m.uid, m.gid = ownerOf(info)
	return m, nil
}

func (m meta) same(n meta) bool {
	return m.info != nil && n.info != nil && os.SameFile(m.info, n.info)
}

func (m meta) unchanged(n meta) bool {
	return m.same(n) && m.mode == n.mode && m.uid == n.uid && m.gid == n.gid && m.info.ModTime().Equal(n.info.ModTime())
}

// since is when the file was changed last.
func (m meta) since() time.Time { return m.info.ModTime() }

func (m meta) mine() bool { return !hasOwners || m.uid == os.Geteuid() }

func (m meta) shared(bool) bool { return m.mode&fs.ModeSticky != 0 && m.mode&0o022 != 0 }

// permAfterWrite takes setuid and setgid, as a write by an ordinary user does.
func (m meta) permAfterWrite() fs.FileMode {
	if !hasOwners || os.Geteuid() == 0 {
		return m.mode & modeBits
	}
	return m.mode & modeBits &^ (fs.ModeSetuid | fs.ModeSetgid)
}

func isLink(m meta) bool { return m.mode&fs.ModeSymlink != 0 }

func (kernel) magic(*dir, meta) bool { return false }

func (k kernel) stat(name string) (meta, error) {
	if k.root != nil {
		return metaOf(k.root.Stat(name))
	}
	return metaOf(os.Stat(name))
}

func (k kernel) openName(name string, flag int, perm fs.FileMode) (*file, error) {
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
func (kernel) scratch() (*file, func(), error) {
	f, err := os.CreateTemp("", tempPrefix+"*"+tempSuffix)
	if err != nil {
		return nil, nil, err
	}
	return f, func() { os.Remove(f.Name()) }, nil
}

func (kernel) createUnnamed(*dir, string, fs.FileMode) (*file, error) {
	return nil, errors.ErrUnsupported
}

func (kernel) linkUnnamed(*file, *dir, string) error { return errors.ErrUnsupported }

func (k kernel) openStream(d *dir, base, label string, perm fs.FileMode) (*file, error) {
	return k.open(d, base, label, os.O_WRONLY|os.O_CREATE|openNonblock, perm)
}

func (kernel) lstat(d *dir, base string) (meta, error)      { return metaOf(d.root.Lstat(base)) }
func (kernel) statDir(d *dir) (meta, error)                 { return metaOf(d.root.Stat(".")) }
func (kernel) readlink(d *dir, base string) (string, error) { return d.root.Readlink(base) }

func (kernel) create(d *dir, base, label string, perm fs.FileMode) (*file, error) {
	return d.root.OpenFile(base, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm.Perm())
}

// open refuses a link before and after it has opened what is there: an os.Root
// would follow it.
func (kernel) open(d *dir, base, label string, flag int, perm fs.FileMode) (*file, error) {
	if info, err := d.root.Lstat(base); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, errLoop
	}
	f, err := d.root.OpenFile(base, flag, perm.Perm())
	if err != nil {
		return nil, err
	}
	opened, err := f.Stat()
	if err == nil {
		var now fs.FileInfo
		if now, err = d.root.Lstat(base); err == nil && !os.SameFile(opened, now) {
			err = errLoop
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func (kernel) reopenTemp(d *dir, base, label string) (*file, error) { return d.root.Open(base) }

// within goes up by name, and beneath a root, where d has none, does not look.
func (kernel) within(d *dir, m meta) bool {
	for path, last := d.path, ""; path != last; path, last = filepath.Dir(path), path {
		if here, err := metaOf(os.Stat(path)); err == nil && here.same(m) {
			return true
		}
	}
	return false
}

// nameless refuses what has no name of its own, which would be another's if the
// path were cleaned.
func nameless(from, base string) error {
	switch {
	case !isElement(base):
		return fs.ErrExist
	case !isElement(from):
		return errInvalid
	}
	return nil
}

func (kernel) link(d *dir, from string, to *dir, base string) error {
	switch err := nameless(from, base); {
	case err != nil:
		return err
	case d == to:
		return d.root.Link(from, base)
	case d.path == "" || to.path == "":
		return errors.ErrUnsupported
	}
	return os.Link(filepath.Join(d.path, from), filepath.Join(to.path, base))
}

// renameTo renames within a directory, or by name.
func renameTo(d *dir, from string, to *dir, base string) error {
	switch err := nameless(from, base); {
	case err != nil:
		return err
	case d == to:
		return d.root.Rename(from, base)
	case d.path == "" || to.path == "":
		return errors.ErrUnsupported
	}
	return os.Rename(filepath.Join(d.path, from), filepath.Join(to.path, base))
}

func (kernel) symlink(text string, d *dir, base string) error { return d.root.Symlink(text, base) }

func (kernel) names(d *dir) ([]string, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(-1)
}

func (kernel) closeDir(d *dir) error { return d.root.Close() }

func (kernel) write(f *file, p []byte) (int, error)             { return f.Write(p) }
func (kernel) readFrom(f *file, r io.Reader) (int64, error)     { return f.ReadFrom(r) }
func (kernel) readAt(f *file, p []byte, off int64) (int, error) { return f.ReadAt(p, off) }
func (kernel) writeAt(f *file, p []byte, off int64) (int, error) {
	return f.WriteAt(p, off)
}
func (kernel) seek(f *file, offset int64, whence int) (int64, error) {
	return f.Seek(offset, whence)
}
func (kernel) reserve(*file, int64) error            { return nil }
func (kernel) truncate(f *file, size int64) error    { return f.Truncate(size) }
func (kernel) fstat(f *file) (meta, error)           { return metaOf(f.Stat()) }
func (kernel) chmod(f *file, perm fs.FileMode) error { return f.Chmod(perm) }
func (kernel) info(f *file) (fs.FileInfo, error)     { return f.Stat() }
func (kernel) sync(f *file) error                    { return f.Sync() }
func (kernel) close(f *file) error                   { return f.Close() }

func (kernel) chown(f *file, uid, gid int) error {
	if !hasOwners {
		return nil
	}
	return f.Chown(uid, gid)
}

// lockContent locks for exclusive use only: a shared lock would keep others from
// writing, or a reader could keep it waiting.
func (k kernel) lockContent(f *file, exclusive, wait bool) error {
	if !exclusive {
		return nil
	}
	return k.lock(f, wait)
}
