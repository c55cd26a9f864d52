package atomicfix

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// WriteFile is [os.WriteFile], atomic and durable: it creates name with perm
// (before umask) if there is no such file. Otherwise it replaces the content, and
// keeps owner, group, mode, ACL and extended attributes. Links are followed.
//
// Errors are of type [*fs.PathError] and contain name. A [*DurabilityError] means
// that the content has been replaced. After any other error the file has its old
// content, unless it had to be written in place.
func WriteFile(name string, data []byte, perm os.FileMode) error {
	return std.WriteFile(name, data, perm)
}

// WriteFileMode is [WriteFile] followed by [os.Chmod], without the time between
// them: the file has exactly the mode perm, independent of the umask and of its old
// mode. The mode of a device, FIFO or socket does not change.
func WriteFileMode(name string, data []byte, perm os.FileMode) error {
	return std.WriteFileMode(name, data, perm)
}

// WriteReader is [WriteFile] with everything that is read from r. If r fails, the
// file does not change, and WriteReader returns the error of r unchanged. If r is an
// *os.File, the system may copy the content (copy_file_range(2)): then the error is
// the one of [os.File.ReadFrom].
func WriteReader(name string, r io.Reader, perm os.FileMode) error {
	return std.WriteReader(name, r, perm)
}

// WriteFunc is [WriteFile] with the content that write writes. The file changes
// only if write returns nil and each of its writes succeeded. It does not change if
// write panics or calls [runtime.Goexit]. An error of write is returned unchanged.
func WriteFunc(name string, perm os.FileMode, write func(io.Writer) error) error {
	return std.WriteFunc(name, perm, write)
}

// Create is [os.Create], staged: an existing file does not change until
// [File.Commit] replaces it with the written content. A file that does not exist
// gets the mode 0666 (before umask). A later chdir(2) makes no difference.
//
// What [os.WriteFile] refuses, such as a directory or a file that may not be
// written, Create refuses, too, and not only Commit. os.Create also needs to read
// the file: it refuses a file of mode 0200, which Create accepts.
func Create(name string) (*File, error) { return std.Create(name) }

// CreatePerm is [Create] with perm (before umask) for a file that does not exist.
// A file that exists keeps its mode, as with [os.OpenFile].
func CreatePerm(name string, perm os.FileMode) (*File, error) { return std.CreatePerm(name, perm) }

// CreateMode is [Create] of a file that will have exactly the mode perm,
// independent of the umask and of the mode of the file that it replaces.
func CreateMode(name string, perm os.FileMode) (*File, error) { return std.CreateMode(name, perm) }

// CreateExcl is [os.OpenFile] with O_CREATE|O_EXCL, staged: it fails with an
// error that is [fs.ErrExist] if anything has the name, even a dangling link, or
// if the name is "/" or ends in a dot. [File.Commit] fails in the same way if
// something has got the name meanwhile. perm is before umask.
//
// It cannot be used as a lock, because the name exists only after Commit: for lock
// and pid files use os.OpenFile with O_EXCL. On a file system that has neither an
// exclusive rename nor links (FAT, some FUSE), Commit creates the file under its
// name and then writes it, so a reader can see it partly written. [Strict] forbids
// that.
func CreateExcl(name string, perm os.FileMode) (*File, error) { return std.CreateExcl(name, perm) }

// WriteFileExcl is [WriteFile] for a file that must not exist; see [CreateExcl].
// If many callers write the same name, one succeeds.
func WriteFileExcl(name string, data []byte, perm os.FileMode) error {
	return std.WriteFileExcl(name, data, perm)
}

// OpenStat opens name for reading, as [os.Open], and returns the [os.FileInfo] of
// the file that it opened. An [os.Stat] of the name may find a different file.
func OpenStat(name string) (*os.File, os.FileInfo, error) { return std.OpenStat(name) }

// OpenRegular is [OpenStat] for a regular file. For any other file the error is
// [ErrNotRegular]. It does not wait for the other end of a FIFO (O_NONBLOCK,
// open(2)).
func OpenRegular(name string) (*os.File, os.FileInfo, error) { return std.OpenRegular(name) }

// WriteFile is [WriteFile] with the options of x.
func (x *FS) WriteFile(name string, data []byte, perm os.FileMode) error {
	return x.write(name, perm, atOnce, func(f *File) error { return second(f.Write(data)) })
}

// WriteFileMode is [WriteFileMode] with the options of x.
func (x *FS) WriteFileMode(name string, data []byte, perm os.FileMode) error {
	return x.write(name, perm, atOnce|exact, func(f *File) error { return second(f.Write(data)) })
}

// WriteReader is [WriteReader] with the options of x.
func (x *FS) WriteReader(name string, r io.Reader, perm os.FileMode) error {
	return x.write(name, perm, 0, func(f *File) error { return second(f.ReadFrom(r)) })
}

// WriteFunc is [WriteFunc] with the options of x.
func (x *FS) WriteFunc(name string, perm os.FileMode, write func(io.Writer) error) error {
	return x.write(name, perm, 0, func(f *File) error { return write(contentOnly{f}) })
}

// contentOnly is the part of a File that a callback can use: it ends the write by
// returning, and cannot commit.
type contentOnly struct{ f *File }

func (c contentOnly) Write(p []byte) (int, error)         { return c.f.Write(p) }
func (c contentOnly) WriteString(s string) (int, error)   { return c.f.WriteString(s) }
func (c contentOnly) ReadFrom(r io.Reader) (int64, error) { return c.f.ReadFrom(r) }

func second[T any](_ T, err error) error { return err }

func (x *FS) write(name string, perm fs.FileMode, how how, fill func(*File) error) error {
	for try := 1; ; try++ {
		f, err := x.openNew(name, perm, how)
		if err != nil {
			return err
		}
		err = f.finish(fill)
		if how&atOnce == 0 || !errors.Is(err, errChanged) || try == maxTries {
			return err
		}
	}
}

// finish fills and publishes f, or leaves nothing of it.
func (f *File) finish(fill func(*File) error) error {
	defer f.Close()
	if err := fill(f); err != nil {
		return err
	}
	return f.Commit()
}

// Create is [Create] with the options of x.
func (x *FS) Create(name string) (*File, error) { return x.create(name, 0o666, 0) }

// CreatePerm is [CreatePerm] with the options of x.
func (x *FS) CreatePerm(name string, perm os.FileMode) (*File, error) {
	return x.create(name, perm, 0)
}

// CreateMode is [CreateMode] with the options of x.
func (x *FS) CreateMode(name string, perm os.FileMode) (*File, error) {
	return x.create(name, perm, exact)
}

func (x *FS) create(name string, perm fs.FileMode, how how) (*File, error) {
	f, err := x.openNew(name, perm, how)
	if err != nil {
		return nil, err
	}
	f.watch()
	return f, nil
}

// CreateExcl is [CreateExcl] with the options of x.
func (x *FS) CreateExcl(name string, perm os.FileMode) (*File, error) {
	f, err := x.createExcl(name, perm, 0)
	if err != nil {
		return nil, err
	}
	f.watch()
	return f, nil
}

func (x *FS) createExcl(name string, perm fs.FileMode, how how) (*File, error) {
	t, err := x.resolveExcl(name)
	if err != nil {
		return nil, err
	}
	return x.newFile(t, perm, how|exclusive)
}

// WriteFileExcl is [WriteFileExcl] with the options of x.
func (x *FS) WriteFileExcl(name string, data []byte, perm os.FileMode) error {
	f, err := x.createExcl(name, perm, atOnce)
	if err != nil {
		return err
	}
	return f.finish(func(f *File) error { return second(f.Write(data)) })
}

// OpenStat is [OpenStat] with the options of x.
func (x *FS) OpenStat(name string) (*os.File, os.FileInfo, error) {
	return x.openChecked(name, os.O_RDONLY, func(fs.FileInfo) error { return nil })
}

// OpenRegular is [OpenRegular] with the options of x.
func (x *FS) OpenRegular(name string) (*os.File, os.FileInfo, error) {
	f, info, err := x.openChecked(name, os.O_RDONLY|openNonblock, func(info fs.FileInfo) error {
		if !info.Mode().IsRegular() {
			return ErrNotRegular
		}
		return nil
	})
	if isOneOf(err, specialErrnos...) {
		if m, serr := x.sys.stat(name); serr == nil && !m.mode.IsRegular() {
			err = pathError("open", name, fmt.Errorf("%w: %w", ErrNotRegular, underlying(err)))
		}
	}
	return f, info, err
}

func (x *FS) openChecked(name string, flag int, check func(fs.FileInfo) error) (*os.File, os.FileInfo, error) {
	t := &target{name: name}
	defer x.release(t)
	f, err := waiting(func() (*file, error) { return x.openToRead(t, flag) })
	if err != nil {
		return nil, nil, pathError("open", name, err)
	}
	fit := false
	defer func() {
		if !fit {
			x.sys.close(f)
		}
	}()
	info, err := x.sys.info(f)
	if err == nil {
		err = check(info)
	}
	if err == nil && x.noForeign {
		var m meta
		if m, err = x.sys.fstat(f); err == nil {
			err = x.ours(m)
		}
	}
	if err != nil {
		return nil, nil, pathError("open", name, err)
	}
	x.release(t)
	fit = true
	return osFile(f), info, nil
}

// openToRead opens t's name, and under NoFollow the last element of it in its
// directory, where no link is followed.
func (x *FS) openToRead(t *target, flag int) (_ *file, err error) {
	_, base := split(t.name)
	if !x.noFollow || !isElement(base) {
		return x.sys.openName(t.name, flag, 0)
	}
	x.release(t) // of an earlier try
	e, err := x.parent(t.name)
	if err != nil {
		return nil, err
	}
	t.dir, t.base = e.dir, e.base
	return x.sys.open(t.dir, t.base, t.name, flag, 0)
}
