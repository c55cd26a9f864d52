package atomicfix

import (
	"errors"
	"io/fs"
	"syscall"
)

// resolveExcl finds where a new file is to be made. A link counts as an existing
// file, even if it is dangling, as with O_EXCL (open(2)).
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
	if err := x.checkLength(name); err != nil {
		return err
	}
	if !isElement(t.base) {
		err := x.noFile(name)
		// "/", "./" and "d/.." exist. "d/" is EISDIR even if it exists: see noFile.
		if _, last := split(trimSeparators(name)); err == syscall.EISDIR && (x.rooted || !isElement(last)) {
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
	if err := f.closeTemp(); err != nil {
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
	x.fellBack(f.name, err)
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
