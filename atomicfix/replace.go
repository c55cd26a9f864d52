package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"time"
)

// publish gives the staged content the target's name. It is the algorithm of this
// package. Before it, resolve has resolved the name and opened the directory, and
// openStage has created the temporary. After it, discard removes the temporary.
func (f *File) publish() error {
	switch {
	case f.excl:
		return f.publishExcl()
	case f.t.stream:
		if err := f.closeDisk(); err != nil {
			return pathError("close", f.name, err)
		}
		return nil
	case f.cause != nil:
		return f.inPlace(f.cause)
	}
	for try := 1; ; try++ {
		if err := f.dressAsOld(); err != nil {
			return err
		}
		switch {
		case f.cause != nil: // as another's file, or without its ACL, it is not the same file
			return f.inPlace(f.cause)
		case f.temp == "" && !f.t.exists:
			err := f.x.sys.linkUnnamed(f.disk, f.t.dir, f.t.base)
			if err == nil {
				return f.settle(f.t.dir)
			}
			if errors.Is(err, fs.ErrExist) && try < maxTries {
				continue // another process was faster: its file is to be replaced now
			}
		}
		break
	}
	if err := f.giveName(); err != nil {
		return pathError("open", f.name, err)
	}
	if err := f.closeTemp(); err != nil {
		return pathError("close", f.name, err) // NFS reports a full disk here
	}
	if err := f.x.sys.rename(f.t.dir, f.temp, f.t.dir, f.t.base); err != nil {
		if f.t.exists && keepsName(err) {
			return f.inPlace(err)
		}
		return pathError("rename", f.name, err)
	}
	f.temp = ""
	return f.settle(f.t.dir)
}

// dressAsOld brings the temporary into the state that it is to be published in,
// and on the disk, until the old file is found as it was before. A cause says
// that it cannot be.
func (f *File) dressAsOld() error {
	if !f.fresh {
		if _, err := f.review(); err != nil || f.cause != nil {
			return err
		}
	}
	f.fresh = false
	for try := 1; ; try++ {
		before := f.made
		switch err := f.dress(); {
		case err == nil:
		case hopeless(err) || !f.t.exists:
			return pathError("write", f.name, err)
		case f.owner != nil && opOf(err) == "chown":
			return pathError("chown", f.name, err) // in place it is refused, too
		default:
			f.cause = err
			return nil
		}
		if f.t.unchecked && f.labeled {
			if err := f.x.mayWrite(f.t); err != nil {
				return pathError("open", f.name, err)
			}
		}
		if try == 1 || f.made != before {
			// Only what is on the disk may be renamed, for a file system may write
			// the rename to it before the data.
			if err := f.x.syncFile(f.disk); err != nil {
				return pathError("sync", f.name, err)
			}
		}
		same, err := f.review()
		if err != nil || same || f.cause != nil || try == maxTries {
			return err
		}
	}
}

// review looks at what has the name now, and reports whether it is the file that
// was there before, in the same state.
func (f *File) review() (same bool, err error) {
	x, t := f.x, f.t
	m, err := x.sys.lstat(t.dir, t.base)
	switch {
	case absent(err):
		same = !t.exists
		t.exists = false
		return same, nil
	case err != nil:
		return false, pathError("open", f.name, err)
	case t.exists && m.unchanged(t.old):
		return true, nil
	case isLink(m) || !m.mode.IsRegular():
		return false, pathError("open", f.name, errChanged)
	}
	t.old, t.exists, t.atOnce = m, true, false
	if err := x.judge(t); err != nil {
		return false, pathError("open", f.name, err)
	}
	if t.foreign {
		f.cause = errForeign
	}
	return false, nil
}

// dress gives the temporary owner, ACL, attributes and mode of the file that it
// is to replace, in this order: it is closed to others until the owner and the
// ACL are right, and the mode comes last, for it is the ACL's mask, and chown(2)
// clears the setuid bit.
func (f *File) dress() error {
	t := f.t
	if !t.exists && !f.exact && !f.private && f.owner == nil {
		return nil // the kernel applied the umask and the directory's default ACL
	}
	if err := f.learn(); err != nil {
		return err
	}
	mode := f.perm
	if !f.exact {
		mode = t.old.permAfterWrite()
	}
	if !t.exists && !f.exact {
		mode = f.made.mode
		if f.private {
			var err error
			if mode, err = f.modeOfNew(); err != nil {
				return err
			}
		}
	}
	uid, gid := f.ownerToBe()
	if t.exists && !f.exact && (uid != t.old.uid || gid != t.old.gid) {
		mode = t.old.permAfterChown()
	}
	if f.made.uid != uid || f.made.gid != gid || f.made.mode&modeBits&^mode != 0 {
		if err := f.setMode(0o600); err != nil {
			return err
		}
	}
	if err := f.setOwner(uid, gid); err != nil {
		return err
	}
	if t.exists {
		if err := f.keepAttrs(mode); err != nil {
			return err
		}
	}
	if err := f.setMode(mode); err != nil {
		return err
	}
	f.private = f.private && mode&0o077 == 0
	return nil
}

// ownerToBe is the owner and group that the file will have.
func (f *File) ownerToBe() (uid, gid int) {
	if f.t.exists {
		return f.owner.of(f.t.old)
	}
	return f.owner.of(f.made)
}

// of is the owner and group that chown(2) gives to m. A nil owner changes nothing.
func (o *owner) of(m meta) (uid, gid int) {
	if o == nil {
		return m.uid, m.gid
	}
	return changedID(o.uid, m.uid), changedID(o.gid, m.gid)
}

// changedID is what chown(2) makes of an ID: it has 32 bits, of which -1 are none.
func changedID(id, old int) int {
	if uint32(id) == math.MaxUint32 {
		return old
	}
	return int(uint32(id))
}

// permAfterChown is the mode that the file keeps when it changes hands: chown(2)
// takes setuid, and setgid if the group may execute.
func (m meta) permAfterChown() fs.FileMode {
	perm := m.mode & modeBits &^ fs.ModeSetuid
	if perm&0o010 != 0 {
		perm &^= fs.ModeSetgid
	}
	return perm
}

// modeOfNew is the mode that a new file gets here: perm, but for the umask and
// what the directory's default ACL says. The ACL itself the temporary has
// inherited, but for the mode.
func (f *File) modeOfNew() (fs.FileMode, error) {
	x := f.x
	model, base, err := x.createNamed(f.t, f.perm)
	if err != nil {
		return 0, err
	}
	m, err := x.sys.fstat(model)
	defer x.unlinkOurs(f.t.dir, base, m)
	defer x.sys.close(model)
	return m.mode, err
}

// settle makes the entries of a directory durable.
func (f *File) settle(d *dir) error { return f.x.settle(f.name, d) }

func (x *FS) settle(name string, d *dir) error {
	if x.noSync {
		return nil
	}
	if err := x.sys.syncDir(d); err != nil && (x.strict || !unsupported(err)) {
		return &DurabilityError{name, pathError("sync", name, err)}
	}
	return nil
}

// syncFile does not try again: after a failed fsync(2) the pages that could not
// be written count as clean, and a second one would succeed without them.
func (x *FS) syncFile(f *file) error {
	if x.noSync {
		return nil
	}
	err := x.sys.sync(f)
	if unsupported(err) && !x.strict {
		return nil // as files of procfs
	}
	return err
}

// inPlace overwrites the target: atomic replacing is impossible because of
// cause, and os.WriteFile would have worked. It truncates last and reserves the
// space first, so that a full disk mostly leaves the old content.
func (f *File) inPlace(cause error) (err error) {
	x, t := f.x, f.t
	if x.strict {
		return notAtomic(f.name, cause)
	}
	x.fellBack(f.name, cause)
	src, size, err := f.content()
	if err != nil {
		return pathError("read", f.name, err)
	}
	dst, err := x.openWaiting(t.dir, t.base, f.name, os.O_WRONLY|os.O_CREATE, f.perm)
	if err != nil {
		return pathError("open", f.name, err)
	}
	defer func() {
		if cerr := x.sys.close(dst); cerr != nil && err == nil {
			err = pathError("close", f.name, cerr)
		}
	}()
	return f.overwrite(dst, src, size)
}

// openWaiting opens a regular file by its directory. What is anything else does
// not keep it waiting, but a lease may (fcntl(2)), until its holder gives it up.
func (x *FS) openWaiting(d *dir, base, label string, flag int, perm fs.FileMode) (*file, error) {
	return waiting(func() (*file, error) { return x.sys.open(d, base, label, flag|openNonblock, perm) })
}

func waiting(open func() (*file, error)) (*file, error) {
	for delay := time.Millisecond; ; delay = nextDelay(delay) {
		f, err := open()
		if openNonblock == 0 || !errors.Is(err, errLeased) {
			return f, err
		}
		time.Sleep(delay)
	}
}

// overwrite makes size bytes of src the content of dst, and nothing else. If there
// is a new mode, the rights that it removes are removed before that, and those that
// it adds are added after it. During a change of owner or group others have no rights
// at all, because the others then may include a group that had none.
func (f *File) overwrite(dst *file, src io.ReaderAt, size int64) error {
	x, t := f.x, f.t
	m, err := x.sys.fstat(dst)
	switch {
	case err != nil:
		return pathError("stat", f.name, err)
	case !m.mode.IsRegular():
		return pathError("open", f.name, ErrNotRegular)
	case t.foreign && !m.same(t.old) && !m.mine():
		return pathError("open", f.name, errChanged)
	}
	if err := x.ours(m); err != nil {
		return pathError("open", f.name, err)
	}
	if size > m.size {
		if err := x.sys.reserve(dst, size); isOneOf(err, noSpaceErrnos...) {
			x.sys.truncate(dst, m.size) // gives back what was reserved
			return pathError("write", f.name, err)
		}
	}
	bits, mode := m.mode&modeBits, f.perm&modeBits
	uid, gid := f.owner.of(m)
	moves := hasOwners && (uid != m.uid || gid != m.gid)
	if !f.exact {
		mode = bits
		if moves {
			mode = m.permAfterChown()
		}
	}
	narrower := bits & mode
	if moves {
		narrower &= 0o700
	}
	if moves || f.exact && bits != mode {
		// Even if it takes nothing: it may be refused, and the content is still
		// the old one.
		if err := x.sys.chmod(dst, narrower); err != nil {
			return pathError("chmod", f.name, err)
		}
		bits = narrower
	}
	if moves {
		if err := x.sys.chown(dst, uid, gid); err != nil {
			x.sys.chmod(dst, m.mode&modeBits) // as it was
			return pathError("chown", f.name, err)
		}
	}
	if err := x.copyTo(dst, src, size); err != nil {
		return pathError("write", f.name, err)
	}
	if size < m.size { // files of procfs have no size and no use for truncation
		if err := x.sys.truncate(dst, size); err != nil {
			return pathError("truncate", f.name, err)
		}
	}
	if bits != mode {
		if err := x.sys.chmod(dst, mode); err != nil {
			return pathError("chmod", f.name, err)
		}
	}
	if err := x.syncFile(dst); err != nil {
		return &DurabilityError{f.name, pathError("sync", f.name, err)}
	}
	return nil
}

// content is what was staged, to be read again.
func (f *File) content() (io.ReaderAt, int64, error) {
	x := f.x
	if s, ok := f.stage.(*spool); ok {
		size, err := s.size()
		return s, size, err
	}
	if f.disk == nil { // closed already; it may have a mode that we cannot read
		disk, err := x.sys.reopenTemp(f.t.dir, f.temp, f.name)
		if err != nil {
			return nil, 0, err
		}
		f.disk = disk
	}
	m, err := x.sys.fstat(f.disk)
	if err == nil && f.known && !m.same(f.made) {
		err = errChanged
	}
	return onDisk{x.sys, f.disk}, m.size, err
}

// copyTo writes in pieces of a megabyte, and small content in one write(2),
// which is what files of procfs and cgroups want.
func (x *FS) copyTo(dst *file, src io.ReaderAt, size int64) error {
	const piece = 1 << 20
	buf := make([]byte, piece)
	if size < piece {
		buf = buf[:size]
	}
	for off := int64(0); off < size; {
		p := buf
		if rest := size - off; rest < int64(len(p)) {
			p = p[:rest]
		}
		if n, err := src.ReadAt(p, off); n < len(p) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		if _, err := x.sys.write(dst, p); err != nil {
			return err
		}
		off += int64(len(p))
	}
	return nil
}
