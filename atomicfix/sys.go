package atomicfix

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// system is every operation through which this package touches the file
// system, so that a test can make any one of them fail, panic or be lost in a
// crash. The implementation is kernel, one for Unix and one for Windows.
//
// Errors are bare or wrapped as the os package does; callers wrap them anew.
// A base is a single element of a path and is never followed as a link.
type system interface {
	// By the caller's own name.
	stat(name string) (meta, error)                                  // follows links
	openName(name string, flag int, perm fs.FileMode) (*file, error) // as os.OpenFile
	openDir(name string) (*dir, error)
	scratch() (f *file, remove func(), err error) // that no other user can open

	// Within a directory that is held open.
	lstat(d *dir, base string) (meta, error)
	readlink(d *dir, base string) (string, error)
	statDir(d *dir) (meta, error)
	keyOf(d *dir) (string, error) // the same for each name of one directory
	magic(d *dir, m meta) bool    // a link or file whose meaning is not in its path
	within(d *dir, m meta) bool   // d is the directory m, or lies beneath it
	access(d *dir, base string) error
	create(d *dir, base, label string, perm fs.FileMode) (*file, error)  // O_RDWR|O_CREATE|O_EXCL
	createUnnamed(d *dir, label string, perm fs.FileMode) (*file, error) // O_TMPFILE
	linkUnnamed(f *file, d *dir, base string) error
	open(d *dir, base, label string, flag int, perm fs.FileMode) (*file, error)
	openStream(d *dir, base, label string, perm fs.FileMode) (*file, error) // what is no regular file, without waiting
	rename(d *dir, from string, to *dir, base string) error
	symlink(text string, d *dir, base string) error
	names(d *dir) ([]string, error) // of what is in d
	renameExcl(d *dir, from string, to *dir, base string) error
	link(d *dir, from string, to *dir, base string) error
	unlink(d *dir, base string) error
	reopenTemp(d *dir, base, label string) (*file, error) // for reading, even if its mode forbids that
	syncDir(d *dir) error
	closeDir(d *dir) error

	// On an open file.
	write(f *file, p []byte) (int, error)
	readFrom(f *file, r io.Reader) (int64, error)
	readAt(f *file, p []byte, off int64) (int, error)
	writeAt(f *file, p []byte, off int64) (int, error)
	seek(f *file, offset int64, whence int) (int64, error)
	reserve(f *file, size int64) error // disk space, without changing the size
	truncate(f *file, size int64) error
	fstat(f *file) (meta, error)
	info(f *file) (fs.FileInfo, error)
	chown(f *file, uid, gid int) error
	chmod(f *file, perm fs.FileMode) error
	sync(f *file) error
	lock(f *file, wait bool) error                   // errLocked if it would have to wait
	lockContent(f *file, exclusive, wait bool) error // which a reader cannot do exclusively
	unlock(f *file) error
	claim(f *file) error // lock of a temporary in use, without waiting
	close(f *file) error

	// Attributes beside the mode: ACLs and extended attributes.
	listAttrs(d *dir, base string) ([]string, error)
	getAttr(d *dir, base, attr string) ([]byte, error)
	flistAttrs(f *file) ([]string, error)
	fgetAttr(f *file, attr string) ([]byte, error)
	fsetAttr(f *file, attr string, value []byte) error
	fremoveAttr(f *file, attr string) error
}

// split cuts name into the directory and the last element, and cleans neither:
// `sub/../t` with sub a link is another file than `t`. base is empty if name
// ends in a separator.
func split(name string) (dirname, base string) {
	i := len(name)
	for i > 0 && !os.IsPathSeparator(name[i-1]) {
		i--
	}
	if i == 0 {
		volume := filepath.VolumeName(name) // C:name is no element
		return volume + ".", name[len(volume):]
	}
	return name[:i], name[i:]
}

// isElement reports whether base can be the name of a file in a directory: the
// last element of "/", "d/" and "d/.." cannot.
func isElement(base string) bool { return base != "" && base != "." && base != ".." }
