package atomicfix

import (
	"errors"
	"io/fs"
)

// Rename is [os.Rename], durable: it replaces what newpath stands for, and syncs
// the directories. It does not sync the content of the file. Errors are of type
// [*os.LinkError], or [*DurabilityError] if the file has been renamed.
func Rename(oldpath, newpath string) error { return std.Rename(oldpath, newpath) }

// Rename is [Rename] with the options of x; [NoForeign] is not about it.
func (x *FS) Rename(oldpath, newpath string) (err error) {
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
	if err := x.sys.rename(from, fromBase, to, toBase); err != nil {
		return err
	}
	if err := x.settle(newpath, to); err != nil {
		return err
	}
	return x.settle(oldpath, from)
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
	d, base, err := x.parent(trimSeparators(newname))
	if err != nil {
		return err
	}
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
