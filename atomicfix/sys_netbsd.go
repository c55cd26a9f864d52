package atomicfix

import (
	"syscall"

	"golang.org/x/sys/unix"
)

const openSearch = 0x00800000 // O_SEARCH, which x/sys does not name (open(2))

// noFollowError translates what NetBSD says of a link under O_NOFOLLOW
// (open(2)).
func noFollowError(err error) error {
	if err == unix.EFTYPE {
		return unix.ELOOP
	}
	return err
}

// fsTypeOf names the type of the file system that d is on.
func fsTypeOf(d *dir) string {
	var st unix.Statvfs_t
	if unix.Fstatvfs(d.fd(), &st) != nil {
		return ""
	}
	return unix.ByteSliceToString(st.Fstypename[:])
}

func changeTime(st *syscall.Stat_t) unix.Timespec {
	return unix.Timespec{Sec: st.Ctimespec.Sec, Nsec: st.Ctimespec.Nsec}
}
