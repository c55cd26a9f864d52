//go:build darwin || freebsd || netbsd || openbsd

package atomicfix

import "os"

// magic reports whatever lies in a file system of open descriptors or
// processes: /dev/fd/1 there has the type of the file behind it, but a name
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
func (kernel) reserve(*os.File, int64) error { return nil }
