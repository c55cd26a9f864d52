//go:build dragonfly || illumos

package atomicfix

import (
	"os"

	"golang.org/x/sys/unix"
)

func (kernel) lock(f *os.File, wait bool) error {
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

func (kernel) unlock(f *os.File) error { return unix.Flock(int(f.Fd()), unix.LOCK_UN) }
