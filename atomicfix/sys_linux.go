package atomicfix

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// openSearch opens a directory that may be searched but not read (open(2)).
const openSearch = unix.O_PATH

// magic reports a link of procfs: it leads to an open file, and its text is
// only a description of that.
func (kernel) magic(d *dir, m meta) bool {
	var st unix.Statfs_t
	return isLink(m) && unix.Fstatfs(d.fd(), &st) == nil && st.Type == unix.PROC_SUPER_MAGIC
}

func renameatExcl(fromfd int, from string, tofd int, to string) error {
	return unix.Renameat2(fromfd, from, tofd, to, unix.RENAME_NOREPLACE)
}

func noFollowError(err error) error { return err }

// keepsSetid reports whether our writes leave setuid and setgid alone
// (CAP_FSETID, capabilities(7)).
func keepsSetid() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	err := unix.Capget(&header, &data[0])
	return err == nil && data[0].Effective&(1<<unix.CAP_FSETID) != 0
}

// reserve does not zero what it reserves, nor change the file's size.
func (kernel) reserve(f *os.File, size int64) error {
	return again(func() error { return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_KEEP_SIZE, 0, size) })
}

// attrPath names a file in a held directory for the calls that take no
// directory handle; to open the file instead would wake its watchers.
func attrPath(d *dir, base string) string {
	return "/proc/self/fd/" + strconv.Itoa(d.fd()) + "/" + base
}

func (k kernel) listAttrs(d *dir, base string) (names []string, err error) {
	path := attrPath(d, base)
	list, err := sized(func(buf []byte) (int, error) { return unix.Llistxattr(path, buf) })
	if err == unix.ENOENT { // a chroot without /proc
		err = openForAttrs(d, base, func(f *os.File) error {
			names, err = k.flistAttrs(f)
			return err
		})
		return names, err
	}
	return attrNames(list), err
}

func (k kernel) getAttr(d *dir, base, attr string) (value []byte, err error) {
	path := attrPath(d, base)
	value, err = sized(func(buf []byte) (int, error) { return unix.Lgetxattr(path, attr, buf) })
	if err == unix.ENOENT { // a chroot without /proc
		err = openForAttrs(d, base, func(f *os.File) error {
			value, err = k.fgetAttr(f, attr)
			return err
		})
	}
	return value, err
}
