//go:build darwin || freebsd || netbsd || openbsd

package atomicfix

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// magic reports everything in a file system of open descriptors or processes: /dev/fd/1 there has the type of the file behind it, but a name
// that cannot be given to another.
func (kernel) magic(d *dir, m meta) bool {
	switch fsTypeOf(d) {
	case "devfs", "fdescfs", "fdesc", "procfs", "linprocfs":
		return true
	}
	return false
}

// keepsSetid reports whether our writes leave setuid and setgid alone
// (write(2), chmod(2)).
func keepsSetid() bool { return os.Geteuid() == 0 }

// reserve does nothing: these systems have no call that reserves space for a
// file and changes nothing else.
func (kernel) reserve(*file, int64) error { return nil }

func (kernel) createUnnamed(*dir, string, fs.FileMode) (*file, error) {
	return nil, errors.ErrUnsupported
}

func (kernel) linkUnnamed(*file, *dir, string) error { return errors.ErrUnsupported }

// noAttr is what a file says that lacks an attribute.
var noAttr = []error{unix.ENOATTR}

// lockContent locks for exclusive use by flock(2), and not for shared use: these
// systems have no lock of the open file that only a writer can take.
func (k kernel) lockContent(f *file, exclusive, wait bool) error {
	if !exclusive {
		return nil
	}
	return k.lock(f, wait)
}

func (kernel) statDir(d *dir) (meta, error) { return fstat(d.fd()) }
