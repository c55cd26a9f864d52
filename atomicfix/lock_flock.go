//go:build dragonfly || illumos

package atomicfix

import (
	"golang.org/x/sys/unix"
)

func (kernel) lock(f *file, wait bool) error {
	how := unix.LOCK_EX
	if !wait {
		how |= unix.LOCK_NB
	}
	for {
		switch err := unix.Flock(int(f.Fd()), how); err {
		case unix.EINTR:
		case unix.EWOULDBLOCK:
			return errLocked
		default:
			return err
		}
	}
}

func (kernel) unlock(f *file) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }
