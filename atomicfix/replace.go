package atomicfix

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// publish gives the staged content the target's name. It is the algorithm of
// this package; that the name was resolved, the directory opened and the
// temporary created, openStage and resolve have seen to, and that the temporary
// goes away, discard will.
func (f *File) publish() error {
	switch {
	case f.excl:
		return f.publishExcl()
	case f.t.viaOS:
		return f.throughOS()
	case f.temp == "":
		return f.inPlace(f.cause)
	}
	if err := f.dress(); err != nil {
		if hopeless(err) || !f.t.exists {
			return pathError("write", f.name, err)
		}
		return f.inPlace(err) // as another's file, or without its ACL, it is not the same file
	}
	if err := f.seal(); err != nil {
		return err
	}
	if err := f.x.sys.rename(f.t.dir, f.temp, f.t.base); err != nil {
		if f.t.exists && keepsName(err) {
			return f.inPlace(err)
		}
		return pathError("rename", f.name, err)
	}
	f.temp = ""
	return f.settle(f.t.dir)
}

// dress gives the temporary owner, mode and attributes of the file that it is
// to replace, in this order: chown(2) clears the setuid bit, and a chmod before
// the content is there would show it half written.
func (f *File) dress() error {
	x, mode := f.x, f.perm
	if f.t.exists {
		m, err := x.sys.fstat(f.disk)
		if err != nil {
			return err
		}
		if old := f.t.old; m.uid != old.uid || m.gid != old.gid {
			if err := x.sys.chown(f.disk, old.uid, old.gid); err != nil {
				return err
			}
		}
		if !f.exact {
			mode = f.t.old.permAfterWrite()
		}
	} else if !f.exact {
		return nil // the kernel applied the umask and the directory's default ACL
	}
	if err := x.sys.chmod(f.disk, mode); err != nil {
		return err
	}
	if !f.t.exists {
		return nil
	}
	if f.exact {
		return x.keepAttrs(f.t, f.disk, &mode)
	}
	return x.keepAttrs(f.t, f.disk, nil)
}

// seal makes the temporary durable and closes it; only then may it be renamed,
// for a file system may write the rename to disk before the data.
func (f *File) seal() error {
	if err := f.x.syncFile(f.disk); err != nil {
		return pathError("sync", f.name, err)
	}
	if err := f.closeDisk(); err != nil {
		return pathError("close", f.name, err) // NFS reports a full disk here
	}
	return nil
}

// settle makes the entries of a directory durable.
func (f *File) settle(d *dir) error { return f.x.settle(f.name, d) }

func (x *FS) settle(name string, d *dir) error {
	if x.noSync {
		return nil
	}
	if err := x.sys.syncDir(d); err != nil && !unsupported(err) {
		return &DurabilityError{name, pathError("sync", name, err)}
	}
	return nil
}

// syncFile does not try again: after a failed fsync(2) the pages that could not
// be written count as clean, and a second one would succeed without them.
func (x *FS) syncFile(f *os.File) error {
	if x.noSync {
		return nil
	}
	err := x.sys.sync(f)
	if unsupported(err) && !x.strict {
		return nil // as files of procfs
	}
	return err
}

// throughOS does what os.WriteFile does, once, for what cannot be replaced.
func (f *File) throughOS() error {
	if f.exact && f.t.exists && f.t.old.mode.IsRegular() {
		// Before the content: it may not be for everybody. The mode of a device
		// or FIFO is not ours to change.
		if err := f.x.sys.chmodName(f.t.osName(), f.perm); err != nil {
			return pathError("chmod", f.name, err)
		}
	}
	data := f.stage.(*inMemory).data
	if err := f.x.sys.writeFile(f.t.osName(), data, f.perm.Perm()); err != nil {
		var e *fs.PathError
		if errors.As(err, &e) {
			return pathError(e.Op, f.name, e)
		}
		return pathError("write", f.name, err)
	}
	return nil
}

// inPlace overwrites the target: atomic replacing is impossible because of
// cause, and os.WriteFile would have worked. It truncates last and reserves the
// space first, so that a full disk mostly leaves the old content.
func (f *File) inPlace(cause error) (err error) {
	x, t := f.x, f.t
	if x.strict {
		return notAtomic(f.name, cause)
	}
	src, size, err := f.content()
	if err != nil {
		return pathError("read", f.name, err)
	}
	dst, err := x.sys.open(t.dir, t.base, f.name, os.O_WRONLY|os.O_CREATE, f.perm)
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

// overwrite makes size bytes of src the content of dst, and them only.
func (f *File) overwrite(dst *os.File, src io.ReaderAt, size int64) error {
	x := f.x
	m, err := x.sys.fstat(dst)
	switch {
	case err != nil:
		return pathError("stat", f.name, err)
	case !m.mode.IsRegular():
		return pathError("open", f.name, ErrNotRegular)
	}
	if size > m.size {
		if err := x.sys.reserve(dst, size); isOneOf(err, noSpaceErrnos...) {
			x.sys.truncate(dst, m.size) // gives back what was reserved
			return pathError("write", f.name, err)
		}
	}
	if f.exact {
		if err := x.sys.chmod(dst, f.perm); err != nil {
			return pathError("chmod", f.name, err)
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
	if err := x.syncFile(dst); err != nil {
		return &DurabilityError{f.name, pathError("sync", f.name, err)}
	}
	return nil
}

// content is what was staged, to be read again.
func (f *File) content() (io.ReaderAt, int64, error) {
	x := f.x
	if s, ok := f.stage.(*inMemory); ok {
		return s, int64(len(s.data)), nil
	}
	if f.disk == nil { // closed already; it may have a mode that we cannot read
		disk, err := x.sys.reopenTemp(f.t.dir, f.temp, f.name)
		if err != nil {
			return nil, 0, err
		}
		f.disk, f.stage = disk, onDisk{x.sys, disk}
	}
	m, err := x.sys.fstat(f.disk)
	return f.stage, m.size, err
}

// copyTo writes in pieces of a megabyte, and small content in one write(2),
// which is what files of procfs and cgroups want.
func (x *FS) copyTo(dst *os.File, src io.ReaderAt, size int64) error {
	buf := make([]byte, min(size, 1<<20))
	for off := int64(0); off < size; {
		p := buf[:min(int64(len(buf)), size-off)]
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

// osName is the caller's name, or what it meant at the time of resolve.
func (t *target) osName() string {
	if t.fixed != "" {
		return t.fixed
	}
	return t.name
}
