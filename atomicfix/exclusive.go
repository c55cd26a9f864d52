package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// resolveExcl finds where a new file is to be made. A link counts as existing
// wherever it leads, as with O_EXCL (open(2)).
func (x *FS) resolveExcl(name string) (*target, error) {
	t := &target{name: name}
	found := false
	defer func() {
		if !found {
			x.release(t)
		}
	}()
	if err := x.vacant(t); err != nil {
		return nil, pathError("open", name, err)
	}
	found = true
	return t, nil
}

// vacant opens the directory of t's name and sees that nothing is there.
func (x *FS) vacant(t *target) error {
	name, err := t.name, error(nil)
	var dirname string
	dirname, t.base = split(name)
	switch {
	case name == "":
		return syscall.ENOENT
	case t.base == "" || t.base == "." || t.base == "..":
		err := x.noFile(name)
		if err == syscall.EISDIR && t.base != "" {
			return syscall.EEXIST
		}
		return err
	}
	if t.dir, err = x.sys.openDir(dirname); err != nil {
		return err
	}
	_, err = x.sys.lstat(t.dir, t.base)
	switch {
	case err == nil:
		return syscall.EEXIST
	case absent(err):
		return nil
	}
	return err
}

// publishExcl gives the content a name that nothing has: by a rename that does
// not replace, else by link(2), which never replaces, else by O_EXCL.
func (f *File) publishExcl() error {
	x, d, base := f.x, f.t.dir, f.t.base
	if err := f.dress(); err != nil {
		return pathError("write", f.name, err)
	}
	if err := x.syncFile(f.disk); err != nil {
		return pathError("sync", f.name, err)
	}
	if f.temp == "" {
		err := x.sys.linkUnnamed(f.disk, d, base)
		switch {
		case err == nil:
			return f.settle(d)
		case errors.Is(err, fs.ErrExist):
			return pathError("link", f.name, err)
		}
		if err := f.giveName(); err != nil {
			return pathError("write", f.name, err)
		}
	}
	if err := f.closeDisk(); err != nil {
		return pathError("close", f.name, err) // NFS reports a full disk here
	}
	err := x.sys.renameExcl(d, f.temp, d, base)
	switch {
	case err == nil:
		f.temp = ""
		return f.settle(d)
	case !unlinkable(err):
		return pathError("rename", f.name, err)
	}
	err = x.sys.link(d, f.temp, d, base)
	switch {
	case err == nil, errors.Is(err, fs.ErrExist) && x.linked(d, f.temp, base):
		return f.settle(d) // with the removal of the temporary still to come
	case !unlinkable(err):
		return pathError("link", f.name, err)
	case x.strict:
		return notAtomic(f.name, err)
	}
	x.tell(f.name, err)
	if err := f.copyExcl(); err != nil {
		return err
	}
	return f.settle(d)
}

// linked reports whether a link(2) that failed has happened all the same: NFS
// repeats a request whose answer was lost, and then finds its own link (open(2)
// advises to look at the link count).
func (x *FS) linked(d *dir, temp, base string) bool {
	m, err := x.sys.lstat(d, temp)
	if err != nil || m.nlink != 2 {
		return false
	}
	n, err := x.sys.lstat(d, base)
	return err == nil && n.same(m)
}

// copyExcl creates the file under its name, where it can be seen half written,
// and removes it again if that fails.
func (f *File) copyExcl() (err error) {
	x := f.x
	src, size, err := f.content()
	if err != nil {
		return pathError("read", f.name, err)
	}
	dst, err := x.sys.create(f.t.dir, f.t.base, f.name, f.perm)
	if err != nil {
		return pathError("open", f.name, err)
	}
	var made meta
	known := false
	err = errPanicked
	defer func() {
		switch {
		case err == nil:
		case known:
			x.unlinkOurs(f.t.dir, f.t.base, made)
		default: // it has just been made
			x.sys.unlink(f.t.dir, f.t.base)
		}
	}()
	defer func() {
		if cerr := x.sys.close(dst); err == nil && cerr != nil {
			err = pathError("close", f.name, cerr)
		}
	}()
	m, serr := x.sys.fstat(dst)
	if serr != nil {
		err = pathError("stat", f.name, serr)
		return err
	}
	made, known = m, true
	err = f.overwrite(dst, src, size)
	err = notReplaced(err) // for it does not stay
	return err
}

// RenameNoReplace renames oldpath to newpath and fails with an error that is
// [fs.ErrExist] if anything, be it a dangling link, has that name already.
//
// It uses renameat2(2) with RENAME_NOREPLACE or the like, else link(2) and
// unlink(2), between which the file has both names. A directory on a system
// without the former is [errors.ErrUnsupported]: to look first and rename then
// would be the race that this function is there to avoid. It makes the renaming
// durable, but not the content of the file. Errors are of type [*os.LinkError],
// or [*DurabilityError] if the file has been renamed.
func RenameNoReplace(oldpath, newpath string) error { return std.RenameNoReplace(oldpath, newpath) }

// RenameNoReplace is [RenameNoReplace] with the options of x.
func (x *FS) RenameNoReplace(oldpath, newpath string) (err error) {
	defer func() { err = renameError("rename", oldpath, newpath, err) }()
	from, fromBase, err := x.parent(oldpath)
	if err != nil {
		return err
	}
	defer x.sys.closeDir(from)
	to, toBase, err := x.parent(newpath)
	if err != nil {
		return err
	}
	defer x.sys.closeDir(to)

	err = x.sys.renameExcl(from, fromBase, to, toBase)
	switch {
	case err == nil:
		if err := x.settle(newpath, to); err != nil {
			return err
		}
	case unlinkable(err):
		if err := x.linkAndUnlink(from, fromBase, to, toBase, err); err != nil {
			return err
		}
	default:
		return err
	}
	return x.settle(oldpath, from)
}

func (x *FS) linkAndUnlink(from *dir, fromBase string, to *dir, toBase string, cause error) error {
	m, err := x.sys.lstat(from, trimSeparators(fromBase))
	switch {
	case err != nil:
		return err
	case m.mode.IsDir() && unsupported(cause):
		return errors.ErrUnsupported
	case m.mode.IsDir():
		return cause
	}
	if err := x.sys.link(from, fromBase, to, toBase); err != nil {
		if unsupported(cause) && unlinkable(err) {
			return fmt.Errorf("%w: %w", errors.ErrUnsupported, underlying(err))
		}
		return err
	}
	// Were the second step to reach the disk without the first, a crash would
	// leave the file without a name.
	if err = notReplaced(x.settle("", to)); err == nil {
		err = x.sys.unlink(from, fromBase)
	}
	if err != nil {
		x.unlinkOurs(to, toBase, m) // as if nothing had happened
	}
	return err
}

// parent opens the directory of name, whose last element may be a directory
// and end in separators.
func (x *FS) parent(name string) (*dir, string, error) {
	dirname, base := split(trimSeparators(name))
	switch base {
	case "":
		return nil, "", syscall.ENOENT
	case ".", "..":
		return nil, "", syscall.EINVAL
	}
	d, err := x.sys.openDir(dirname)
	return d, name[len(name)-len(base)-(len(name)-len(trimSeparators(name))):], err
}

func trimSeparators(name string) string {
	for len(name) > 0 && os.IsPathSeparator(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	return name
}
