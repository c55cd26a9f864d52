//go:build linux || darwin || freebsd || netbsd || openbsd

package atomicfix

import (
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// openNonblock keeps open(2) from waiting on a FIFO and a terminal from
// becoming ours.
const openNonblock = unix.O_NONBLOCK | unix.O_NOCTTY

// kernel is the system itself; names are relative to root if there is one.
type kernel struct{ root *os.Root }

// A dir is a directory held open. It has no *os.File of its own, which would
// cost a system call and a finalizer each time: the caller who opens it closes it.
type dir struct {
	num      int
	file     *os.File // that num belongs to, beneath a root
	readable bool     // else it is open for search only, and cannot be synced
}

func (d *dir) fd() int { return d.num }

// A file is an open file. Most have an os.File, which one goroutine may close
// while another one writes. A file that a single call of this package makes, writes
// and closes has none, because it would cost a system call and a finalizer.
type file struct {
	num  int
	name string
	os   *os.File // that num belongs to, if there is one
}

func wrap(f *os.File, err error) (*file, error) {
	if err != nil {
		return nil, err
	}
	return &file{-1, f.Name(), f}, nil
}

// osFile is f for the os package, which closes it from then on.
func osFile(f *file) *os.File {
	if f.os == nil {
		f.os = os.NewFile(uintptr(f.num), f.name)
	}
	return f.os
}

// share prepares f for more than one goroutine.
func share(f *file) { osFile(f) }

// Name is what errors call f.
func (f *file) Name() string { return f.name }

func (f *file) fd() int {
	if f.os != nil {
		return int(f.os.Fd())
	}
	return f.num
}

// error makes err one of the os package.
func (f *file) error(op string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: f.name, Err: err}
}

func (d *dir) canSync() bool { return d.readable }

// meta is what this package wants to know of a file.
type meta struct {
	dev, ino, nlink uint64
	mode            fs.FileMode
	uid, gid        int
	size            int64
	appendOnly      bool          // of a directory (chattr +a)
	plain           bool          // of a directory: see statDir
	changed         unix.Timespec // status or content (st_ctim, inode(7))
}

// hasOwners says that files have owners here, so that mine means something.
const hasOwners = true

func (m meta) same(n meta) bool { return m.dev == n.dev && m.ino == n.ino }

// unchanged reports whether n is the same file with the same owner, mode, ACL and
// attributes, as far as the system's clock shows.
func (m meta) unchanged(n meta) bool {
	return m.same(n) && m.mode == n.mode && m.uid == n.uid && m.gid == n.gid && m.changed == n.changed
}

// since is when the file was changed last.
func (m meta) since() time.Time { return time.Unix(m.changed.Unix()) }

func (m meta) mine() bool { return m.uid == os.Geteuid() }

func isLink(m meta) bool { return m.mode&fs.ModeSymlink != 0 }

// shared reports whether a directory is sticky and others may write to it. For
// links, fs.protected_symlinks considers the world only; for files,
// fs.protected_regular the group, too (proc_sys_fs(5)).
func (m meta) shared(link bool) bool {
	others := fs.FileMode(0o022)
	if link {
		others = 0o002
	}
	return m.mode&fs.ModeSticky != 0 && m.mode&others != 0
}

// permAfterWrite is the mode that a write would leave the file with: an
// unprivileged one takes setuid, and setgid if the group may execute (write(2),
// inode(7)).
func (m meta) permAfterWrite() fs.FileMode {
	perm := m.mode & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
	if perm&(fs.ModeSetuid|fs.ModeSetgid) == 0 || keepsSetid() {
		return perm
	}
	perm &^= fs.ModeSetuid
	if perm&0o010 != 0 {
		perm &^= fs.ModeSetgid
	}
	return perm
}

func fileMode(raw uint32) fs.FileMode {
	mode := fs.FileMode(raw & 0o777)
	switch raw & unix.S_IFMT {
	case unix.S_IFDIR:
		mode |= fs.ModeDir
	case unix.S_IFLNK:
		mode |= fs.ModeSymlink
	case unix.S_IFREG:
	case unix.S_IFIFO:
		mode |= fs.ModeNamedPipe
	default:
		mode |= fs.ModeIrregular // a device or socket
	}
	if raw&unix.S_ISUID != 0 {
		mode |= fs.ModeSetuid
	}
	if raw&unix.S_ISGID != 0 {
		mode |= fs.ModeSetgid
	}
	if raw&unix.S_ISVTX != 0 {
		mode |= fs.ModeSticky
	}
	return mode
}

func rawMode(mode fs.FileMode) uint32 {
	raw := uint32(mode.Perm())
	if mode&fs.ModeSetuid != 0 {
		raw |= unix.S_ISUID
	}
	if mode&fs.ModeSetgid != 0 {
		raw |= unix.S_ISGID
	}
	if mode&fs.ModeSticky != 0 {
		raw |= unix.S_ISVTX
	}
	return raw
}

func metaOf(st *unix.Stat_t) meta {
	return meta{
		dev: uint64(st.Dev), ino: uint64(st.Ino), nlink: uint64(st.Nlink),
		mode: fileMode(uint32(st.Mode)),
		uid:  int(st.Uid), gid: int(st.Gid), size: st.Size,
		changed: st.Ctim,
	}
}

func metaOfInfo(info fs.FileInfo) meta {
	st := info.Sys().(*syscall.Stat_t)
	return meta{
		dev: uint64(st.Dev), ino: uint64(st.Ino), nlink: uint64(st.Nlink),
		mode: fileMode(uint32(st.Mode)),
		uid:  int(st.Uid), gid: int(st.Gid), size: st.Size,
		changed: changeTime(st),
	}
}

// again repeats a system call that a signal interrupted, as the os package does.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

func (k kernel) stat(name string) (meta, error) {
	if k.root != nil {
		info, err := k.root.Stat(name)
		if err != nil {
			return meta{}, err
		}
		return metaOfInfo(info), nil
	}
	var st unix.Stat_t
	err := again(func() error { return unix.Stat(name, &st) })
	return metaOf(&st), err
}

func (k kernel) openName(name string, flag int, perm fs.FileMode) (*file, error) {
	if k.root != nil {
		return wrap(k.root.OpenFile(name, flag, perm))
	}
	return wrap(os.OpenFile(name, flag, perm))
}

// openDir opens for reading, which fsync(2) wants, or else for search.
func (k kernel) openDir(name string) (*dir, error) {
	if k.root != nil {
		f, err := k.root.OpenFile(name, os.O_RDONLY|unix.O_DIRECTORY, 0)
		if err != nil {
			return nil, err
		}
		return &dir{int(f.Fd()), f, true}, nil
	}
	fd, err := openFd(unix.AT_FDCWD, name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err == nil {
		return &dir{num: fd, readable: true}, nil
	}
	if openSearch != 0 && (err == unix.EACCES || err == unix.EPERM) {
		fd, err = openFd(unix.AT_FDCWD, name, openSearch|unix.O_DIRECTORY, 0)
		if err == nil {
			return &dir{num: fd}, nil
		}
	}
	return nil, err
}

func openFd(dirfd int, base string, flag int, perm fs.FileMode) (fd int, err error) {
	err = again(func() (err error) {
		fd, err = unix.Openat(dirfd, base, flag|unix.O_CLOEXEC, rawMode(perm))
		return err
	})
	return fd, err
}

func openat(dirfd int, base, label string, flag int, perm fs.FileMode) (*file, error) {
	fd, err := openFd(dirfd, base, flag, perm)
	if err != nil {
		return nil, err
	}
	return &file{num: fd, name: label}, nil
}

// scratch makes a file for this process alone, which no longer has a name.
func (kernel) scratch() (*file, func(), error) {
	f, err := os.CreateTemp("", tempPrefix+"*"+tempSuffix)
	if err != nil {
		return nil, nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, nil, err
	}
	return &file{-1, f.Name(), f}, func() {}, nil
}

func (kernel) lstat(d *dir, base string) (meta, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstatat(d.fd(), base, &st, unix.AT_SYMLINK_NOFOLLOW) })
	return metaOf(&st), err
}

// within goes up from d, as far as a name may be long.
func (k kernel) within(d *dir, m meta) bool {
	var last meta
	for path := "."; len(path) < 4096; path += "/.." {
		here, err := k.lstat(d, path)
		if err != nil || here.same(last) {
			return false
		}
		if here.same(m) {
			return true
		}
		last = here
	}
	return false
}

func (kernel) keyOf(d *dir) (string, error) {
	m, err := fstat(d.fd())
	return strconv.FormatUint(m.dev, 36) + ":" + strconv.FormatUint(m.ino, 36) + "/", err
}

func (kernel) readlink(d *dir, base string) (string, error) {
	for size := 256; ; size *= 2 {
		buf, n := make([]byte, size), 0
		err := again(func() (err error) {
			n, err = unix.Readlinkat(d.fd(), base, buf)
			return err
		})
		if err != nil {
			return "", err
		}
		if n < size {
			return string(buf[:n]), nil
		}
	}
}

// access does not open the file, which would wake its watchers and fail on a
// running program.
func (kernel) access(d *dir, base string) error {
	return again(func() error { return unix.Faccessat(d.fd(), base, unix.W_OK, unix.AT_EACCESS) })
}

func (kernel) create(d *dir, base, label string, perm fs.FileMode) (*file, error) {
	return openat(d.fd(), base, label, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, perm)
}

func (kernel) open(d *dir, base, label string, flag int, perm fs.FileMode) (*file, error) {
	f, err := openat(d.fd(), base, label, flag|unix.O_NOFOLLOW, perm)
	if err == nil {
		share(f)
	}
	return f, noFollowError(err)
}

// openStream opens with O_CREAT, as os.WriteFile does, for fs.protected_fifos to
// judge (proc_sys_fs(5)). Only a FIFO stays in non-blocking mode, in which the
// os package waits for it. Other files may not support it.
func (kernel) openStream(d *dir, base, label string, perm fs.FileMode) (*file, error) {
	flag := unix.O_WRONLY | unix.O_CREAT | unix.O_NOFOLLOW | openNonblock
	fd, err := openFd(d.fd(), base, flag, perm)
	if err != nil {
		return nil, noFollowError(err)
	}
	m, err := fstat(fd)
	if err == nil && m.mode&fs.ModeNamedPipe == 0 {
		err = unix.SetNonblock(fd, false)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return wrap(os.NewFile(uintptr(fd), label), nil)
}

func (kernel) rename(d *dir, from string, to *dir, base string) error {
	return again(func() error { return unix.Renameat(d.fd(), from, to.fd(), base) })
}

func (kernel) symlink(text string, d *dir, base string) error {
	return again(func() error { return unix.Symlinkat(text, d.fd(), base) })
}

func (kernel) names(d *dir) ([]string, error) {
	f, err := openat(d.fd(), ".", ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer osFile(f).Close()
	return osFile(f).Readdirnames(-1)
}

func (kernel) renameExcl(d *dir, from string, to *dir, base string) error {
	return again(func() error { return renameatExcl(d.fd(), from, to.fd(), base) })
}

// link passes no flags: without AT_SYMLINK_FOLLOW a link is linked itself, on
// every system (linkat(2)).
func (kernel) link(d *dir, from string, to *dir, base string) error {
	return again(func() error { return unix.Linkat(d.fd(), from, to.fd(), base, 0) })
}

func (kernel) unlink(d *dir, base string) error {
	return again(func() error { return unix.Unlinkat(d.fd(), base, 0) })
}

// reopenTemp falls back to making the temporary readable: it may have the mode
// of a target that is not.
func (kernel) reopenTemp(d *dir, base, label string) (*file, error) {
	f, err := openat(d.fd(), base, label, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err == unix.EACCES {
		if err = unix.Fchmodat(d.fd(), base, 0o600, unix.AT_SYMLINK_NOFOLLOW); err == nil {
			f, err = openat(d.fd(), base, label, unix.O_RDONLY|unix.O_NOFOLLOW, 0)
		}
	}
	return f, err
}

func (kernel) syncDir(d *dir) error {
	if !d.readable {
		return nil
	}
	return again(func() error { return fsync(d.fd()) })
}

func (kernel) closeDir(d *dir) error {
	if d.file != nil {
		return d.file.Close()
	}
	return unix.Close(d.fd())
}

func (kernel) write(f *file, p []byte) (n int, err error) {
	if f.os != nil {
		return f.os.Write(p)
	}
	const most = 1 << 30 // that some systems take at once
	for n < len(p) {
		var m int
		err := again(func() (err error) {
			m, err = unix.Write(f.num, p[n:min(len(p), n+most)])
			return err
		})
		if err == nil && m == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return n, f.error("write", err)
		}
		n += m
	}
	return n, nil
}

func (kernel) readFrom(f *file, r io.Reader) (int64, error) { return osFile(f).ReadFrom(r) }
func (kernel) readAt(f *file, p []byte, off int64) (int, error) {
	return osFile(f).ReadAt(p, off)
}
func (kernel) writeAt(f *file, p []byte, off int64) (int, error) {
	return osFile(f).WriteAt(p, off)
}
func (kernel) seek(f *file, offset int64, whence int) (int64, error) {
	return osFile(f).Seek(offset, whence)
}
func (kernel) truncate(f *file, size int64) error { return osFile(f).Truncate(size) }
func (kernel) info(f *file) (fs.FileInfo, error)  { return osFile(f).Stat() }

func (kernel) chown(f *file, uid, gid int) error {
	return f.error("chown", again(func() error { return unix.Fchown(f.fd(), uid, gid) }))
}

func (kernel) chmod(f *file, perm fs.FileMode) error {
	return f.error("chmod", again(func() error { return unix.Fchmod(f.fd(), rawMode(perm)) }))
}

func (kernel) sync(f *file) error {
	return f.error("sync", again(func() error { return fsync(f.fd()) }))
}

// close does not try again: the descriptor is free after EINTR, and may be
// another's.
func (kernel) close(f *file) error {
	if f.os != nil {
		return f.os.Close()
	}
	fd := f.num
	f.num = -1
	return f.error("close", unix.Close(fd))
}

func (kernel) fstat(f *file) (meta, error) { return fstat(f.fd()) }

func fstat(fd int) (meta, error) {
	var st unix.Stat_t
	err := again(func() error { return unix.Fstat(fd, &st) })
	return metaOf(&st), err
}

func (kernel) lock(f *file, wait bool) error {
	how := unix.LOCK_EX
	if !wait {
		how |= unix.LOCK_NB
	}
	err := again(func() error { return unix.Flock(f.fd(), how) })
	if err == unix.EWOULDBLOCK {
		return errLocked
	}
	return err
}

func (kernel) unlock(f *file) error { return unix.Flock(f.fd(), unix.LOCK_UN) }
