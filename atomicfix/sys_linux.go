package atomicfix

import (
	"io/fs"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

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

// statDir uses statx(2), which knows of append-only directories. A file system that
// has such an attribute is plain: it leaves it to the kernel who may do what, by
// mode and ACL. FUSE, NFS and others that have rules of their own have none.
func (kernel) statDir(d *dir) (meta, error) {
	var st unix.Statx_t
	const want = unix.STATX_TYPE | unix.STATX_MODE | unix.STATX_UID | unix.STATX_GID | unix.STATX_INO
	err := again(func() error { return unix.Statx(d.fd(), "", unix.AT_EMPTY_PATH, want, &st) })
	if err == unix.ENOSYS || err == unix.EPERM { // a sandbox may say the latter
		return fstat(d.fd())
	}
	return meta{
		dev: unix.Mkdev(st.Dev_major, st.Dev_minor), ino: st.Ino,
		mode: fileMode(uint32(st.Mode)), uid: int(st.Uid), gid: int(st.Gid),
		appendOnly: st.Attributes&unix.STATX_ATTR_APPEND != 0,
		plain:      st.Attributes_mask&unix.STATX_ATTR_APPEND != 0,
	}, err
}

func renameatExcl(fromfd int, from string, tofd int, to string) error {
	return unix.Renameat2(fromfd, from, tofd, to, unix.RENAME_NOREPLACE)
}

// createUnnamed makes a file that has no name in d, on the file system of d.
func (kernel) createUnnamed(d *dir, label string, perm fs.FileMode) (*file, error) {
	return openat(d.fd(), ".", label, unix.O_RDWR|unix.O_TMPFILE, perm)
}

// linkUnnamed gives such a file a name that is free. By its entry in procfs
// every user may do that, by the descriptor itself only some may (open(2)).
func (kernel) linkUnnamed(f *file, d *dir, base string) error {
	fd := f.fd()
	path := "/proc/self/fd/" + strconv.Itoa(fd)
	err := again(func() error { return unix.Linkat(unix.AT_FDCWD, path, d.fd(), base, unix.AT_SYMLINK_FOLLOW) })
	if err == unix.ENOENT {
		err = again(func() error { return unix.Linkat(fd, "", d.fd(), base, unix.AT_EMPTY_PATH) })
	}
	return err
}

func changeTime(st *syscall.Stat_t) unix.Timespec {
	return unix.Timespec{Sec: st.Ctim.Sec, Nsec: st.Ctim.Nsec}
}

// noAttr is what a file says that lacks an attribute.
var noAttr = []error{unix.ENODATA}

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
func (kernel) reserve(f *file, size int64) error {
	return again(func() error { return unix.Fallocate(f.fd(), unix.FALLOC_FL_KEEP_SIZE, 0, size) })
}

func fsync(fd int) error { return unix.Fsync(fd) }

// listxattrat is the number of listxattrat(2), which Linux has since 6.13 and
// x/sys does not; new calls have one number on all systems but MIPS, which is
// taken for one that lacks it.
const listxattrat = 465

func (k kernel) listAttrs(d *dir, base string) ([]string, error) {
	path, err := unix.BytePtrFromString(base)
	if err != nil {
		return nil, err
	}
	list, err := sized(func(buf []byte) (int, error) {
		if strings.HasPrefix(runtime.GOARCH, "mips") {
			return 0, unix.ENOSYS
		}
		// #nosec G103 -- package unix does not have it yet
		n, _, errno := unix.Syscall6(listxattrat, uintptr(d.fd()), uintptr(unsafe.Pointer(path)),
			unix.AT_SYMLINK_NOFOLLOW, uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), 0)
		if errno != 0 {
			return 0, errno
		}
		return int(n), nil
	})
	if err == unix.ENOSYS || err == unix.EPERM { // a sandbox may say the latter
		return k.listAttrsByName(d, base)
	}
	return attrNames(list), err
}

// attrPath names a file in a held directory for the calls that take no
// directory handle; to open the file instead would wake its watchers.
func attrPath(d *dir, base string) string {
	return "/proc/self/fd/" + strconv.Itoa(d.fd()) + "/" + base
}

func (k kernel) listAttrsByName(d *dir, base string) (names []string, err error) {
	path := attrPath(d, base)
	list, err := sized(func(buf []byte) (int, error) { return unix.Llistxattr(path, buf) })
	if err == unix.ENOENT { // a chroot without /proc
		err = openForAttrs(d, base, func(f *file) error {
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
		err = openForAttrs(d, base, func(f *file) error {
			value, err = k.fgetAttr(f, attr)
			return err
		})
	}
	return value, err
}

// lockContent locks the first byte of f, for exclusive use as a writer, or as a
// reader, who is kept out by no other reader (fcntl(2), Open file description
// locks).
func (k kernel) lockContent(f *file, exclusive, wait bool) error {
	lock := unix.Flock_t{Type: unix.F_RDLCK, Len: 1}
	if exclusive {
		lock.Type = unix.F_WRLCK
	}
	cmd := unix.F_OFD_SETLK
	if wait {
		cmd = unix.F_OFD_SETLKW
	}
	err := again(func() error { return unix.FcntlFlock(uintptr(f.fd()), cmd, &lock) })
	switch {
	case err == unix.EAGAIN || err == unix.EACCES:
		return errLocked
	case unsupported(err) && exclusive:
		return k.lock(f, wait)
	}
	return err
}
