package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Rename is [os.Rename], durable: it replaces what newpath stands for, and syncs
// the directories. It does not sync the content of the file. Errors are of type
// [*os.LinkError], or [*DurabilityError] if the file has been renamed.
func Rename(oldpath, newpath string) error { return std.Rename(oldpath, newpath) }

// Rename is [Rename] with the options of x; [NoForeign] is not about it.
func (x *FS) Rename(oldpath, newpath string) error {
	return x.move(oldpath, newpath, func(from, to entry) error {
		return x.sys.rename(from.dir, from.base, to.dir, to.base)
	})
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
func (x *FS) RenameNoReplace(oldpath, newpath string) error {
	return x.move(oldpath, newpath, func(from, to entry) error {
		err := x.sys.renameExcl(from.dir, from.base, to.dir, to.base)
		if unlinkable(err) {
			return x.linkAndUnlink(from, to, err)
		}
		return err
	})
}

// linkAndUnlink renames where cause keeps renameExcl from it.
func (x *FS) linkAndUnlink(from, to entry, cause error) error {
	m, err := x.sys.lstat(from.dir, trimSeparators(from.base))
	switch {
	case err != nil:
		return err
	case m.mode.IsDir() && unsupported(cause):
		return errors.ErrUnsupported
	case m.mode.IsDir():
		return cause
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

// An entry is a name in a directory that is held open.
type entry struct {
	dir  *dir
	base string // may end in separators, if it is a directory's
}

// move opens the directories of both names, has rename do its work, and makes it
// durable.
func (x *FS) move(oldpath, newpath string, rename func(from, to entry) error) (err error) {
	defer func() { err = renameError("rename", oldpath, newpath, err) }()
	from, err := x.parent(oldpath)
	if err != nil {
		return err
	}
	defer x.sys.closeDir(from.dir)
	to, err := x.parent(newpath)
	if err != nil {
		return err
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
// the new. Anything else under the name is an error that is [fs.ErrExist]. Errors
// are of type [*os.LinkError], or [*DurabilityError] if the link has been made.
func Symlink(oldname, newname string) error { return std.Symlink(oldname, newname) }

// Symlink is [Symlink] with the options of x. Beneath a root oldname may lead
// outside; the root does not follow it.
func (x *FS) Symlink(oldname, newname string) (err error) {
	defer func() { err = renameError("symlink", oldname, newname, err) }()
	e, err := x.parent(trimSeparators(newname))
	if err != nil {
		return err
	}
	d, base := e.dir, e.base
	defer x.sys.closeDir(d)
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

// parent opens the directory of name, whose last element may be a directory
// and end in separators.
func (x *FS) parent(name string) (entry, error) {
	trimmed := trimSeparators(name)
	dirname, base := split(trimmed)
	switch base {
	case "":
		return entry{}, syscall.ENOENT
	case ".", "..":
		return entry{}, syscall.EINVAL
	}
	d, err := x.sys.openDir(dirname)
	return entry{d, name[len(trimmed)-len(base):]}, err
}

func trimSeparators(name string) string {
	for len(name) > 0 && os.IsPathSeparator(name[len(name)-1]) {
		name = name[:len(name)-1]
	}
	return name
}
