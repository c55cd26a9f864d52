//go:build aix || (solaris && !illumos)

package atomicfix

import (
	"golang.org/x/sys/unix"
)

// lock is of the process, not of the open file (fcntl(2)). That is enough: within
// the process Updates wait in a queue, and no other code opens the lock file, whose
// closing would free the lock.
func (kernel) lock(f *file, wait bool) error {
	cmd := unix.F_SETLKW
	if !wait {
		cmd = unix.F_SETLK
	}
	for {
		lock := unix.Flock_t{Type: unix.F_WRLCK}
		switch err := unix.FcntlFlock(f.Fd(), cmd, &lock); err {
		case unix.EINTR:
		case unix.EAGAIN, unix.EACCES:
			return errLocked
		default:
			return err
		}
	}
}

func (kernel) unlock(f *file) error {
	lock := unix.Flock_t{Type: unix.F_UNLCK}
	return unix.FcntlFlock(f.Fd(), unix.F_SETLK, &lock)
}
