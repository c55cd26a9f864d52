package atomicfix

import (
	"crypto/rand"
	"errors"
	"io/fs"
)

// Temporaries are hidden, so that a pattern such as *.conf does not pick one
// up, and their names do not grow with the target's, so that a target whose
// name has the 255 bytes of NAME_MAX works. With 30 bytes they fit where that
// is all that a name may have (minix).
const (
	tempPrefix = ".atomicfix-"
	tempSuffix = ".tmp"
	tempRandom = 15 // characters of 5 bits
)

var errNoTempName = errors.New("no free name for a temporary file")

// tempName has 75 random bits, so no other user can guess it and use it first.
func tempName() string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var random [tempRandom]byte
	rand.Read(random[:]) // which never fails
	for i, b := range random {
		random[i] = digits[b%32]
	}
	return tempPrefix + string(random[:]) + tempSuffix
}

// staged is the temporary of a File.
type staged struct {
	disk    *file  // nil once it is closed, or if there is none
	label   string // what errors about disk call it
	temp    string // its name in the target's directory, "" if it has none
	made    meta   // what it is, once known
	known   bool
	claimed bool // it is locked, so that RemoveStale lets it be
	private bool // it was made for its owner alone
	labeled bool // what it replaces has a label by which the system may refuse a write
}

// createTemp makes an empty file beside the target: for a new target with the
// mode that it is to have, so that umask and default ACL are the kernel's to
// apply; for an existing one closed to others until it has the owner and ACL of
// the old file. One without a name, where the system has that (O_TMPFILE,
// open(2)), leaves nothing behind when the process is killed; it can take only a
// name that is free.
func (f *File) createTemp() (err error) {
	x, perm := f.x, f.perm
	f.private = f.t.exists
	if f.private {
		perm = 0o600
	} else {
		f.disk, err = x.sys.createUnnamed(f.t.dir, f.name, perm)
		if err == nil {
			f.disked()
			return nil
		}
		if hopeless(err) {
			return err
		}
	}
	f.disk, f.temp, err = x.createNamed(f.t, perm)
	if err != nil {
		return err
	}
	f.disked()
	return f.learn()
}

// disked prepares for the use of a new temporary: by several goroutines, unless
// one call makes it and publishes it.
func (f *File) disked() {
	f.label = f.disk.Name()
	if !f.fresh {
		share(f.disk)
	}
}

// createNamed makes an empty file with a name that cannot be guessed, with O_EXCL.
func (x *FS) createNamed(t *target, perm fs.FileMode) (f *file, base string, err error) {
	for try := 0; try < maxTries; try++ {
		base = tempName()
		f, err = x.sys.create(t.dir, base, t.name, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, base, err
		}
	}
	return nil, "", errNoTempName
}

// learn looks at the temporary once.
func (f *File) learn() (err error) {
	if !f.known {
		f.made, err = f.x.sys.fstat(f.disk)
		f.known = err == nil
	}
	return err
}

// narrow takes from the temporary what mode does not give to its owner, and
// all that it gives to others: they get theirs at Commit.
func (f *File) narrow(mode fs.FileMode) error {
	if f.t.stream {
		return f.setStreamMode(mode)
	}
	if f.disk == nil || f.private {
		return nil
	}
	if err := f.learn(); err != nil {
		return err
	}
	if err := f.setMode(f.made.mode & mode & 0o700); err != nil {
		return err
	}
	f.private = true
	return nil
}

// setMode sets the temporary's mode if it has another. Where that is refused, as
// by file systems that give all files one mode, what counts is the mode that the
// file has then.
func (f *File) setMode(mode fs.FileMode) error {
	mode &= modeBits
	if f.made.mode&modeBits == mode {
		return nil
	}
	if err := f.x.sys.chmod(f.disk, mode); err != nil {
		m, serr := f.x.sys.fstat(f.disk)
		if serr != nil || m.mode&modeBits != mode {
			return err
		}
	}
	f.made.mode = f.made.mode&^modeBits | mode
	return nil
}

// setOwner is setMode of owner and group.
func (f *File) setOwner(uid, gid int) error {
	if f.made.uid == uid && f.made.gid == gid {
		return nil
	}
	if err := f.x.sys.chown(f.disk, uid, gid); err != nil {
		m, serr := f.x.sys.fstat(f.disk)
		if serr != nil || m.uid != uid || m.gid != gid {
			return err
		}
	}
	f.made.uid, f.made.gid = uid, gid
	return nil
}

// name gives a temporary that has none a name of a temporary, by a link or,
// where that cannot be, by a copy.
func (f *File) giveName() error {
	if f.temp != "" {
		return nil
	}
	x := f.x
	if err := f.learn(); err != nil {
		return err
	}
	base := tempName()
	if err := x.sys.linkUnnamed(f.disk, f.t.dir, base); err == nil {
		f.temp = base
		return nil
	}
	disk, base, err := x.createNamed(f.t, 0o600)
	if err != nil {
		return err
	}
	old, mode := f.disk, f.made.mode
	f.disk, f.temp, f.known = disk, base, false
	defer x.sys.close(old)
	if err := f.learn(); err != nil {
		return err
	}
	m, err := x.sys.fstat(old)
	if err != nil {
		return err
	}
	if err := x.copyTo(disk, onDisk{x.sys, old}, m.size); err != nil {
		return err
	}
	if err := f.setMode(mode); err != nil {
		return err
	}
	return x.syncFile(disk)
}

// closeTemp closes the temporary before it is renamed. That unlocks it, and it may have
// been written long ago: so RemoveStale is to find that its status has just changed.
func (f *File) closeTemp() error {
	if f.claimed {
		// Its mode now, for a write may have taken setuid since it was made.
		if m, err := f.x.sys.fstat(f.disk); err == nil {
			f.x.sys.chmod(f.disk, m.mode&modeBits)
		}
	}
	return f.closeDisk()
}

// closeDisk closes the temporary once.
func (f *File) closeDisk() error {
	if f.disk == nil {
		return nil
	}
	disk := f.disk
	f.disk = nil
	return f.x.sys.close(disk)
}

// unlinkOurs removes a file that we made, unless its name is known to be
// another process's file. Nothing can be done about a failure.
func (x *FS) unlinkOurs(d *dir, base string, made meta) {
	ours := true
	defer func() {
		if ours {
			x.sys.unlink(d, base)
		}
	}()
	m, err := x.sys.lstat(d, base)
	ours = err != nil && !absent(err) || err == nil && m.same(made)
}
