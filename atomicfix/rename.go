package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// Rename is [os.Rename], durable: it replaces what has the name newpath, and syncs
// the directories. It does not sync the content of the file. Like os.Rename, it does
// not replace a directory, not even an empty one: that is [fs.ErrExist]. Errors are
// of type [*os.LinkError], or [*DurabilityError] if the file has been renamed.
func Rename(oldpath, newpath string) error { return std.Rename(oldpath, newpath) }

// Rename is [Rename] with the options of x; [NoForeign] is not about it.
func (x *FS) Rename(oldpath, newpath string) error {
	return x.move(oldpath, newpath, func(from, to entry) error {
		if err := x.overDirectory(from, to); err != nil {
			return err
		}
		if err := x.checkSlashes(from, to, false); err != nil {
			return err
		}
		return x.sys.rename(from.dir, from.base, to.dir, to.base)
	})
}

// overDirectory refuses what os.Rename refuses before it calls rename(2): to replace
// a directory. That a directory has two names, which differ in case for example, is
// for rename(2) to judge.
func (x *FS) overDirectory(from, to entry) error {
	m, err := x.lookUp(to)
	if err != nil || !m.mode.IsDir() {
		return nil // rename(2) finds the error, too
	}
	old, err := x.lookUp(from)
	switch {
	case err != nil:
		return err
	case from.name == to.name || x.rooted && from.base == to.base || !m.same(old):
		return syscall.EEXIST
	}
	return nil
}

// lookUp is lstat(2) of the name of e, which follows a link that a separator ends.
func (x *FS) lookUp(e entry) (meta, error) {
	if e.slash {
		return x.sys.stat(e.name)
	}
	return x.sys.lstat(e.dir, e.base)
}

// checkSlashes refuses to rename anything but a directory if a name ends in a
// separator, as rename(2) does on Linux. Other systems follow a link there, which
// could lead out of a root: so no such separator is passed on to the system.
func (x *FS) checkSlashes(from, to entry, exclusive bool) error {
	if !from.slash && !to.slash || !isElement(from.base) || !isElement(to.base) {
		return nil // rename(2) is to judge
	}
	if err := firstOf(x.searchable(from), x.searchable(to)); err != nil {
		return err
	}
	m, err := x.sys.lstat(from.dir, from.base)
	if err != nil || m.mode.IsDir() {
		return err
	}
	_, err = x.sys.lstat(to.dir, to.base)
	switch {
	case err == nil && exclusive:
		return syscall.EEXIST
	case err == nil || absent(err):
		return syscall.ENOTDIR
	}
	return err
}

// RenameNoReplace renames oldpath to newpath and fails with an error that is
// [fs.ErrExist] if anything has that name already, even a dangling link. "/" and
// names that end in a dot exist always.
//
// It uses renameat2(2) with RENAME_NOREPLACE or a call like it. Where there is no such
// call, or it is refused with EPERM or EACCES, as in some sandboxes, it uses link(2) and
// unlink(2), between which the file has both names. If unlink(2) is refused, too, as for
// another user's file in a sticky directory, the new name is removed again, and was
// there for a moment. A directory cannot be linked:
// where there is no such call, the error is [errors.ErrUnsupported], because to look
// first and rename then would be a race. A directory that would be moved into itself
// is EINVAL, as for [os.Rename]. RenameNoReplace makes the new name durable, but not
// the content of the file. Errors are of type [*os.LinkError], or [*DurabilityError]
// if the file has been renamed.
func RenameNoReplace(oldpath, newpath string) error { return std.RenameNoReplace(oldpath, newpath) }

// RenameNoReplace is [RenameNoReplace] with the options of x.
func (x *FS) RenameNoReplace(oldpath, newpath string) error {
	return x.move(oldpath, newpath, func(from, to entry) error {
		if err := x.checkSlashes(from, to, true); err != nil {
			return err
		}
		err := x.sys.renameExcl(from.dir, from.base, to.dir, to.base)
		if unlinkable(err) {
			return x.linkAndUnlink(from, to, err)
		}
		return err
	})
}

// linkAndUnlink renames where cause keeps renameExcl from it.
func (x *FS) linkAndUnlink(from, to entry, cause error) error {
	m, err := x.sys.lstat(from.dir, from.base)
	switch {
	case err != nil && unsupported(cause):
		return err
	case err != nil:
		return cause // which may be about the other directory
	case m.mode.IsDir():
		return x.whyNot(m, to, cause)
	}
	if err := x.sys.link(from.dir, from.base, to.dir, to.base); err != nil {
		if unsupported(cause) && unlinkable(err) {
			return fmt.Errorf("%w: %w", errors.ErrUnsupported, underlying(err))
		}
		return err
	}
	// Were the second step to reach the disk without the first, a crash would
	// leave the file without a name.
	if err = notReplaced(x.settle("", to.dir)); err == nil {
		err = x.sys.unlink(from.dir, from.base)
	}
	if err != nil {
		x.unlinkOurs(to.dir, to.base, m) // as if nothing had happened
	}
	return err
}

// whyNot is the reason why the directory m does not become to.
func (x *FS) whyNot(m meta, to entry, cause error) error {
	if !unsupported(cause) {
		return cause
	}
	// What is there is reported without a race. And EINVAL is what a file system says
	// that cannot rename exclusively, but also what rename(2) says of "d" and "d/x".
	if _, err := x.sys.lstat(to.dir, to.base); err == nil {
		return syscall.EEXIST
	}
	if x.sys.within(to.dir, m) {
		return errInvalid
	}
	return errors.ErrUnsupported
}

// An entry is a name in a directory that is held open.
type entry struct {
	name  string // as the caller gave it
	dir   *dir
	base  string // the last element; "." for "/"
	slash bool   // the name ends in a separator, as only that of a directory may
}

// searchable is an error if the directory of e may not be searched, which rename(2)
// finds before it looks for anything in the other directory.
func (x *FS) searchable(e entry) error {
	if _, err := x.sys.lstat(e.dir, e.base); errors.Is(err, fs.ErrPermission) {
		return err
	}
	return nil
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// move opens the directories of both names, has rename do its work, and makes it
// durable.
func (x *FS) move(oldpath, newpath string, rename func(from, to entry) error) (err error) {
	defer func() { err = renameError("rename", oldpath, newpath, err) }()
	if x.unusable(oldpath, newpath) {
		return errInvalid
	}
	from, err := x.parent(oldpath)
	if err != nil {
		return err
	}
	defer x.sys.closeDir(from.dir)
	to, err := x.parent(newpath)
	if err != nil {
		return firstOf(x.searchable(from), err)
	}
	defer x.sys.closeDir(to.dir)
	if err := rename(from, to); err != nil {
		return err
	}
	if err := x.settle(newpath, to.dir); err != nil {
		return err
	}
	return x.settle(oldpath, from.dir)
}

// Symlink makes newname a symbolic link to oldname, as [os.Symlink], and replaces
// a link that has the name, so that it leads at each moment to the old place or to
// the new. Anything else under the name is an error that is [fs.ErrExist], and so are
// "/" and names that end in a dot; a name that ends in a separator is never a link's.
// Errors are of type [*os.LinkError], or [*DurabilityError] if the link has been made.
func Symlink(oldname, newname string) error { return std.Symlink(oldname, newname) }

// Symlink is [Symlink] with the options of x. Beneath a root oldname may lead
// outside; the root does not follow it.
func (x *FS) Symlink(oldname, newname string) (err error) {
	defer func() { err = renameError("symlink", oldname, newname, err) }()
	switch {
	case x.unusable(oldname, newname):
		return errInvalid
	case oldname == "" && !x.rooted:
		return syscall.ENOENT
	}
	e, err := x.parent(newname)
	if err != nil {
		return err
	}
	d, base := e.dir, e.base
	defer x.sys.closeDir(d)
	if e.slash { // no link has such a name
		if _, err := x.sys.lstat(d, base); err != nil {
			return err
		}
		return syscall.EEXIST
	}
	for try := 1; ; try++ {
		err := x.sys.symlink(oldname, d, base)
		if err == nil {
			return x.settle(newname, d)
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		old, lerr := x.sys.lstat(d, base)
		switch {
		case absent(lerr) && try < maxTries:
			continue
		case lerr != nil:
			return lerr
		case !isLink(old):
			return err
		}
		if err := x.ours(old); err != nil {
			return err
		}
		break
	}
	temp := tempName()
	if err := x.sys.symlink(oldname, d, temp); err != nil {
		return err
	}
	renamed := false
	defer func() {
		if !renamed {
			x.sys.unlink(d, temp)
		}
	}()
	if err := x.sys.rename(d, temp, d, base); err != nil {
		return err
	}
	renamed = true
	return x.settle(newname, d)
}

// renameError wraps what is no *DurabilityError.
func renameError(op, from, to string, err error) error {
	if err == nil || errors.As(err, new(*DurabilityError)) {
		return err
	}
	return linkError(op, from, to, err)
}

// parent opens the directory of name.
func (x *FS) parent(name string) (entry, error) {
	trimmed := trimSeparators(name)
	dirname, base := split(trimmed)
	if base == "" { // "/" is "." in "/", and "" is nothing, which openDir reports
		dirname, base = name, "."
	}
	if err := x.checkLength(name); err != nil {
		return entry{}, err
	}
	if x.rooted && base == ".." {
		if _, err := x.sys.stat(name); err != nil {
			return entry{}, err // it may be outside
		}
	}
	d, err := x.sys.openDir(dirname)
	return entry{name, d, base, isElement(base) && len(trimmed) < len(name)}, err
}

func trimSeparators(name string) string {
	for len(name) > 0 && os.IsPathSeparator(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	return name
}

// unusable reports whether a name cannot be passed to the system, for which the os
// package looks before anything else. An os.Root looks at the directories first.
func (x *FS) unusable(names ...string) bool {
	return !x.rooted && strings.IndexByte(strings.Join(names, ""), 0) >= 0
}
