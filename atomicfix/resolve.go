package atomicfix

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// maxHops is how many links Linux follows in a row (path_resolution(7)).
const maxHops = 40

// A name that changes while it is resolved is resolved again this often.
const maxTries = 8

// A target is the file that a name leads to, through links.
type target struct {
	name   string // as the caller gave it
	dir    *dir   // held open; nil if byName
	base   string // in dir, and no link
	old    meta   // of the existing file, as last seen
	exists bool

	// A device, FIFO or socket is written to as a stream. byName: it is reached
	// by a link of procfs or the like, whose text does not lead to it, so that
	// only the name can open it.
	stream, byName bool

	// foreign is another user's file in a sticky directory, which others than
	// its owner cannot replace: it is written in place.
	foreign bool

	// appendOnly says that nothing can be taken from the directory, no temporary
	// either (chattr +a).
	appendOnly bool

	// atOnce: it is written in the same call. unchecked: access is still to be called
	// for it, unless it turns out to be ours (see judge).
	atOnce, unchecked bool

	borrowed bool        // dir is another target's
	perm     fs.FileMode // of the file if it is to be created; for its lock
}

// resolve finds the file that name leads to. The caller releases the target.
func (x *FS) resolve(name string, how how) (*target, error) {
	for try := 1; ; try++ {
		t, err := x.resolveOnce(name, how, try == maxTries)
		if err != errChanged || try == maxTries {
			return t, err
		}
	}
}

func (x *FS) release(t *target) {
	if t != nil && t.dir != nil && !t.borrowed {
		d := t.dir
		t.dir = nil
		x.sys.closeDir(d)
	}
}

var errChanged = errors.New("another file appeared under this name meanwhile")

func (x *FS) resolveOnce(name string, how how, last bool) (_ *target, err error) {
	t := &target{name: name, atOnce: how&atOnce != 0}
	found := false
	defer func() {
		if !found { // or a panic passes
			x.release(t)
		}
	}()
	if err := x.checkLength(name); err != nil {
		return nil, pathError("open", name, err)
	}
	if err := x.walk(t, last); err == errChanged && !last {
		return nil, err
	} else if err != nil {
		return nil, pathError("open", name, err)
	}
	found = true
	return t, nil
}

// checkLength refuses a name that is too long for the system as a whole, although
// its directory and its last element are not.
func (x *FS) checkLength(name string) error {
	const shortest = 1024 // PATH_MAX of the BSDs; Linux has 4096
	if len(name) < shortest {
		return nil
	}
	if _, err := x.sys.stat(name); tooLong(err) {
		return err
	}
	return nil
}

// walk fills in t from its name, link by link. The last of several walks accepts the
// file that it found, even if the kernel still sees another one.
func (x *FS) walk(t *target, last bool) (err error) {
	var seen meta // what the kernel finds behind the links
	existed := false
	path := t.name
	for hops := 0; ; hops++ {
		if hops > maxHops {
			return errLoop
		}
		dirname, base := split(path)
		if !isElement(base) {
			return x.noFile(path)
		}
		t.base = base
		if t.dir, err = x.sys.openDir(dirname); err != nil {
			return err
		}
		t.old, err = x.sys.lstat(t.dir, base)
		switch {
		case absent(err):
			return nil
		case err != nil:
			return err
		case !isLink(t.old):
			// Have: a file that is no link, in a directory that is held open.
			if hops > 0 && existed && !last && t.old.mode.IsDir() {
				return errChanged
			}
			if hops > 0 && existed && !last && !t.old.same(seen) {
				// If the kernel sees another file, too, it has been replaced
				// meanwhile, as others may do each time that we look.
				if again, err := x.sys.stat(t.name); err != nil || again.same(seen) {
					return errChanged
				}
			}
			t.exists = true
			return x.judge(t)
		case x.noFollow:
			return errLoop
		}
		if hops == 0 {
			// The kernel decides about protected_symlinks, search permission, loops
			// and the borders of a root.
			seen, err = x.sys.stat(t.name)
			existed = err == nil
			switch {
			case existed && seen.mode.IsDir():
				return syscall.EISDIR
			case !existed && !absent(err) && (x.rooted || !errors.Is(err, syscall.ENOTDIR)):
				return err // ENOTDIR may be of a link to "f/": see noFile
			}
		}
		if x.sys.magic(t.dir, t.old) {
			x.release(t)
			t.stream, t.byName, t.exists, t.old = true, true, existed, seen
			return x.ours(t.old)
		}
		if path, err = x.follow(t.dir, dirname, base, t.old); err != nil {
			return err
		}
		x.release(t)
	}
}

// noFile is the error of os.WriteFile for a name that ends in a separator or in
// a dot. What is behind the separator that ends "f/" or "absent/" does not matter
// to open(2) with O_CREAT: only the directory above must be one that can be
// searched. It matters to an os.Root, whose error is that of its Stat.
func (x *FS) noFile(name string) error {
	trimmed := trimSeparators(name)
	dirname, base := split(trimmed)
	if !x.rooted && len(trimmed) < len(name) && isElement(base) {
		d, err := x.sys.openDir(dirname)
		if err != nil {
			return err
		}
		defer x.sys.closeDir(d)
		if _, err := x.sys.lstat(d, base); errors.Is(err, fs.ErrPermission) {
			return err
		}
		return syscall.EISDIR
	}
	m, err := x.sys.stat(name)
	switch {
	case err == nil && !m.mode.IsDir():
		return errChanged // such a name leads to a directory
	case err == nil:
		return syscall.EISDIR
	}
	return err
}

// judge decides how the file that t found may be written to, if at all.
func (x *FS) judge(t *target) error {
	switch {
	case t.old.mode.IsDir():
		return syscall.EISDIR
	case x.sys.magic(t.dir, t.old):
		x.release(t)
		t.stream, t.byName = true, true
		return x.ours(t.old)
	case !t.old.mode.IsRegular():
		t.stream = true
		return x.ours(t.old)
	}
	if err := x.ours(t.old); err != nil {
		return err
	}
	d, err := x.sys.statDir(t.dir)
	if err != nil {
		return err
	}
	t.appendOnly = d.appendOnly
	if t.foreign = d.harbors(t.old, false); t.foreign {
		// open(2) with O_CREAT may refuse it (fs.protected_regular, proc_sys_fs(5))
		// when it is written.
		return nil
	}
	// The owner of a file may write to it if its mode allows that, unless it has a
	// label, or the file system has rules of its own. Its owner and its labels are
	// found out later anyway, without an additional system call.
	const ownerWrites = 0o200
	t.unchecked = t.atOnce && !x.strict && d.plain && t.old.mode&ownerWrites != 0
	if t.unchecked {
		return nil
	}
	return x.mayWrite(t)
}

// mayWrite is the error of the system if the file may not be written to.
func (x *FS) mayWrite(t *target) error {
	t.unchecked = false
	err := x.sys.access(t.dir, t.base)
	if absent(err) {
		t.exists = false // it has just been removed
		return nil
	}
	return err
}

// follow returns the path that a link leads to, uncleaned.
func (x *FS) follow(d *dir, dirname, base string, link meta) (string, error) {
	dm, err := x.sys.statDir(d)
	if err != nil {
		return "", err
	}
	if dm.harbors(link, true) {
		return "", syscall.EACCES // as fs.protected_symlinks would, were it set
	}
	text, err := x.sys.readlink(d, base)
	if err != nil {
		if errors.Is(err, syscall.EINVAL) || absent(err) {
			return "", errChanged // no longer a link
		}
		return "", err
	}
	switch {
	case filepath.IsAbs(text) || dirname == ".":
		return text, nil
	case text != "" && os.IsPathSeparator(text[0]):
		return filepath.VolumeName(dirname) + text, nil
	}
	return dirname + text, nil // dirname ends in its separator
}

// harbors reports whether m, found in the directory d, belongs to neither us nor
// the owner of d, while d is sticky and open to others: for example in /tmp, where
// another user may have made it to mislead us.
func (d meta) harbors(m meta, link bool) bool {
	return d.shared(link) && d.uid != m.uid && !m.mine()
}
