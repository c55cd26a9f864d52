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

// A name that changes under our eyes is resolved again this often before it is
// left to the kernel.
const maxTries = 8

// A target is the file that a name stands for, found by following links.
type target struct {
	name   string // as the caller gave it
	dir    *dir   // held open; nil if viaOS
	base   string // in dir, and no link
	old    meta   // of the existing file
	exists bool

	// viaOS: what the name stands for is no replaceable file (a device, FIFO or
	// socket, a link of procfs, another user's file in a sticky directory), and
	// what os.WriteFile does with it is right.
	viaOS bool

	borrowed bool        // dir is another target's
	perm     fs.FileMode // of the file if it is to be created; for its lock
	fixed    string      // name as of resolve, if viaOS and a chdir may come between
}

// resolve finds what name stands for. The caller releases the target.
func (x *FS) resolve(name string) (*target, error) {
	for range maxTries {
		t, err := x.resolveOnce(name)
		if err != errChanged {
			return t, err
		}
	}
	// The path does not lead, hop by hop, where the kernel says it leads.
	m, err := x.sys.stat(name)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return &target{name: name, viaOS: true, exists: true, old: m}, nil
}

func (x *FS) release(t *target) {
	if t != nil && t.dir != nil && !t.borrowed {
		d := t.dir
		t.dir = nil
		x.sys.closeDir(d)
	}
}

var errChanged = errors.New("another file appeared under this name meanwhile")

func (x *FS) resolveOnce(name string) (_ *target, err error) {
	t := &target{name: name}
	found := false
	defer func() {
		if !found { // or a panic passes
			x.release(t)
		}
	}()
	if err := x.walk(t); err == errChanged {
		return nil, err
	} else if err != nil {
		return nil, pathError("open", name, err)
	}
	found = true
	return t, nil
}

// walk fills in t from its name.
func (x *FS) walk(t *target) error {
	name := t.name
	// The kernel speaks first: protected_symlinks, search permission, loops and
	// the borders of a root are its to judge.
	seen, err := x.sys.stat(name)
	switch {
	case err == nil && seen.mode.IsDir():
		return syscall.EISDIR
	case err == nil && !seen.mode.IsRegular() && !x.noFollow:
		t.viaOS, t.exists, t.old = true, true, seen
		return nil
	case err != nil && !absent(err):
		return err
	case name == "":
		return err
	}
	existed := err == nil

	path := name
	for hops := 0; ; hops++ {
		if hops > maxHops {
			return syscall.ELOOP
		}
		dirname, base := split(path)
		switch base {
		case "":
			return syscall.EISDIR // as open(2) says with O_CREAT
		case ".", "..":
			return syscall.ENOENT // else stat would have found a directory
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
		case isLink(t.old):
			if x.noFollow {
				return syscall.ELOOP
			}
			if x.sys.magic(t.dir, t.old) {
				x.release(t)
				t.viaOS, t.exists, t.old = true, existed, seen
				return nil
			}
			if path, err = x.follow(t.dir, dirname, base, t.old); err != nil {
				return err
			}
			x.release(t)
			continue
		case t.old.mode.IsDir():
			return errChanged
		}
		// Have: a file that is no link, in a directory that is held open.
		t.exists = true
		if !t.old.mode.IsRegular() || x.sys.magic(t.dir, t.old) {
			x.release(t)
			t.viaOS = true
			return nil
		}
		if hops > 0 && existed && !t.old.same(seen) {
			// If the kernel sees another file by now, too, it has been replaced
			// meanwhile, as others may do each time that we look.
			if again, err := x.sys.stat(name); err != nil || again.same(seen) {
				return errChanged
			}
		}
		foreign, err := x.foreignInSticky(t.dir, t.old, false)
		if err != nil {
			return err
		}
		if foreign {
			// fs.protected_regular (proc_sys_fs(5)) is about open(2) with O_CREAT.
			x.release(t)
			t.viaOS = true
			return nil
		}
		return x.sys.access(t.dir, base)
	}
}

// follow returns the path that a link leads to, uncleaned.
func (x *FS) follow(d *dir, dirname, base string, link meta) (string, error) {
	foreign, err := x.foreignInSticky(d, link, true)
	if err != nil {
		return "", err
	}
	if foreign {
		return "", syscall.EACCES // as fs.protected_symlinks would, were it set
	}
	text, err := x.sys.readlink(d, base)
	if err != nil {
		if errors.Is(err, syscall.EINVAL) || absent(err) {
			return "", errChanged // no link any more
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

// foreignInSticky reports whether m, found in d, belongs to neither us nor the
// owner of d while d is sticky and open to others: /tmp, where a stranger may
// have laid it for us to fall over.
func (x *FS) foreignInSticky(d *dir, m meta, link bool) (bool, error) {
	if m.mine() {
		return false, nil
	}
	dm, err := x.sys.statDir(d)
	if err != nil {
		return false, err
	}
	return dm.shared(link) && dm.uid != m.uid, nil
}
