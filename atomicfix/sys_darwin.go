package atomicfix

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// openSearch is O_SEARCH, O_EXEC|O_DIRECTORY in <sys/fcntl.h>, which x/sys does
// not name (open(2), since macOS 11).
const openSearch = 0x40000000 | unix.O_DIRECTORY

func renameatExcl(fromfd int, from string, tofd int, to string) error {
	return unix.RenameatxNp(fromfd, from, tofd, to, unix.RENAME_EXCL)
}

// fsync makes the drive write its cache, too, as (*os.File).Sync does here (fcntl(2)).
func fsync(fd int) error {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_FULLFSYNC, 0)
	if err == unix.ENOTSUP {
		return unix.Fsync(fd)
	}
	return err
}

func noFollowError(err error) error { return err }

// fsTypeOf names the type of the file system that d is on.
func fsTypeOf(d *dir) string {
	var st unix.Statfs_t
	if unix.Fstatfs(d.fd(), &st) != nil {
		return ""
	}
	return unix.ByteSliceToString(st.Fstypename[:])
}

// Extended attributes are kept as far as possible; ACLs are not among them on
// macOS (acl(3)), and x/sys cannot read them.

func (k kernel) listAttrs(d *dir, base string) (names []string, err error) {
	err = openForAttrs(d, base, func(f *file) error {
		names, err = k.flistAttrs(f)
		return err
	})
	return names, err
}

func (k kernel) getAttr(d *dir, base, attr string) (value []byte, err error) {
	err = openForAttrs(d, base, func(f *file) error {
		value, err = k.fgetAttr(f, attr)
		return err
	})
	return value, err
}

func changeTime(st *syscall.Stat_t) unix.Timespec {
	return unix.Timespec{Sec: st.Ctimespec.Sec, Nsec: st.Ctimespec.Nsec}
}
