package atomicfix

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const openSearch = 0 // there is none

func noFollowError(err error) error { return err }

// fsTypeOf names the type of the file system that d is on.
func fsTypeOf(d *dir) string {
	var st unix.Statfs_t
	if unix.Fstatfs(d.fd(), &st) != nil {
		return ""
	}
	return unix.ByteSliceToString(st.F_fstypename[:])
}

func changeTime(st *syscall.Stat_t) unix.Timespec {
	return unix.Timespec{Sec: st.Ctim.Sec, Nsec: st.Ctim.Nsec}
}
