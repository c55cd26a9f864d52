package atomicfix

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const openSearch = unix.O_SEARCH

// noFollowError translates what FreeBSD says of a link under O_NOFOLLOW
// (open(2)).
func noFollowError(err error) error {
	if err == unix.EMLINK {
		return unix.ELOOP
	}
	return err
}

// fsTypeOf names the type of the file system that d is on.
func fsTypeOf(d *dir) string {
	var st unix.Statfs_t
	if unix.Fstatfs(d.fd(), &st) != nil {
		return ""
	}
	return unix.ByteSliceToString(st.Fstypename[:])
}

func changeTime(st *syscall.Stat_t) unix.Timespec {
	return unix.Timespec{Sec: st.Ctimespec.Sec, Nsec: st.Ctimespec.Nsec}
}
