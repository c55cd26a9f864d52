package atomicfix

import (
	"io"
	"io/fs"
	"os"
)

// WriteFile is [os.WriteFile], atomic and durable: it creates name with perm
// (before umask) if there is no such file, and else replaces its content and
// keeps its owner, group, mode, ACL and extended attributes. Links are followed.
//
// Errors are of type [*fs.PathError] and name name; a [*DurabilityError] says
// that the content has been replaced all the same. After any other error the
// old content stands, unless the file had to be written in place.
func WriteFile(name string, data []byte, perm os.FileMode) error {
	return std.WriteFile(name, data, perm)
}

// WriteFileMode is [WriteFile] followed by [os.Chmod], without the time between
// them: the file has exactly the mode perm, whatever the umask and the mode it
// had. The mode of a device, FIFO or socket is left alone.
func WriteFileMode(name string, data []byte, perm os.FileMode) error {
	return std.WriteFileMode(name, data, perm)
}

// WriteReader is [WriteFile] with all that r gives. If r fails, name is left as
// it was and r's error is returned as it is.
func WriteReader(name string, r io.Reader, perm os.FileMode) error {
	return std.WriteReader(name, r, perm)
}

// WriteFunc is [WriteFile] with what write writes. Unless write returns nil and
// every one of its writes succeeded, name is left as it was; so it is if write
// panics or calls [runtime.Goexit]. An error of write is returned as it is.
func WriteFunc(name string, perm os.FileMode, write func(io.Writer) error) error {
	return std.WriteFunc(name, perm, write)
}

// Create is [os.Create], staged: the file that is there stays as it is until
// [File.Commit] puts the written content in its place. Mode 0666 (before umask)
// is for a file that does not exist. A later chdir(2) makes no difference.
//
// What os.Create would refuse, such as a directory or a file that may not be
// written, is refused here and not only by Commit.
func Create(name string) (*File, error) { return std.Create(name) }

// CreateMode is [Create] of a file that will have exactly the mode perm,
// whatever the umask and the mode of the file it replaces.
func CreateMode(name string, perm os.FileMode) (*File, error) { return std.CreateMode(name, perm) }

// CreateExcl is [os.OpenFile] with O_CREATE|O_EXCL, staged: it fails with an
// error that is [fs.ErrExist] if anything, be it a dangling link, has the name,
// and so does [File.Commit] if something got it meanwhile. perm is before umask.
//
// It is no lock, since the name appears only at Commit: for lock and pid files
// use os.OpenFile with O_EXCL. On a file system that can neither rename
// exclusively nor link (FAT, some FUSE), Commit creates the file under its name
// and then writes it, so that it can be seen half written; [Strict] forbids that.
func CreateExcl(name string, perm os.FileMode) (*File, error) { return std.CreateExcl(name, perm) }

// WriteFileExcl is [WriteFile] for a file that must not exist; see [CreateExcl].
// Of many that write the same name, one succeeds.
func WriteFileExcl(name string, data []byte, perm os.FileMode) error {
	return std.WriteFileExcl(name, data, perm)
}

// OpenStat opens name for reading, as [os.Open], and describes the file that it
// opened, which an [os.Stat] of the name before or after it might not.
func OpenStat(name string) (*os.File, os.FileInfo, error) { return std.OpenStat(name) }

// OpenRegular is [OpenStat] for a regular file: an error that is
// [ErrNotRegular] says that it is anything else. It does not wait for the other
// end of a FIFO (O_NONBLOCK, open(2)).
func OpenRegular(name string) (*os.File, os.FileInfo, error) { return std.OpenRegular(name) }

// WriteFile is [WriteFile] with the options of x.
func (x *FS) WriteFile(name string, data []byte, perm os.FileMode) error {
	return x.write(name, perm, false, func(f *File) error {
		_, err := f.Write(data)
		return err
	})
}

// WriteFileMode is [WriteFileMode] with the options of x.
func (x *FS) WriteFileMode(name string, data []byte, perm os.FileMode) error {
	return x.write(name, perm, true, func(f *File) error {
		_, err := f.Write(data)
		return err
	})
}

// WriteReader is [WriteReader] with the options of x.
func (x *FS) WriteReader(name string, r io.Reader, perm os.FileMode) error {
	return x.write(name, perm, false, func(f *File) error {
		_, err := f.ReadFrom(r)
		return err
	})
}

// WriteFunc is [WriteFunc] with the options of x.
func (x *FS) WriteFunc(name string, perm os.FileMode, write func(io.Writer) error) error {
	return x.write(name, perm, false, func(f *File) error { return write(f) })
}

func (x *FS) write(name string, perm fs.FileMode, exact bool, fill func(*File) error) error {
	t, err := x.resolve(name)
	if err != nil {
		return err
	}
	return x.put(t, perm, exact, fill)
}

// put writes to a target that it owns from here on.
func (x *FS) put(t *target, perm fs.FileMode, exact bool, fill func(*File) error) error {
	f, err := x.newFile(t, perm, exact)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := fill(f); err != nil {
		return err
	}
	return f.Commit()
}

// Create is [Create] with the options of x.
func (x *FS) Create(name string) (*File, error) { return x.create(name, 0o666, false) }

// CreateMode is [CreateMode] with the options of x.
func (x *FS) CreateMode(name string, perm os.FileMode) (*File, error) {
	return x.create(name, perm, true)
}

func (x *FS) create(name string, perm fs.FileMode, exact bool) (*File, error) {
	t, err := x.resolve(name)
	if err != nil {
		return nil, err
	}
	if t.viaOS {
		t.fixed = x.sys.absolute(name)
	}
	return x.newFile(t, perm, exact)
}

// CreateExcl is [CreateExcl] with the options of x.
func (x *FS) CreateExcl(name string, perm os.FileMode) (*File, error) {
	t, err := x.resolveExcl(name)
	if err != nil {
		return nil, err
	}
	f, err := x.newFile(t, perm, false)
	if err != nil {
		return nil, err
	}
	f.excl = true
	return f, nil
}

// WriteFileExcl is [WriteFileExcl] with the options of x.
func (x *FS) WriteFileExcl(name string, data []byte, perm os.FileMode) error {
	f, err := x.CreateExcl(name, perm)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// OpenStat is [OpenStat] with the options of x.
func (x *FS) OpenStat(name string) (*os.File, os.FileInfo, error) {
	f, err := x.openToRead(name, os.O_RDONLY)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// OpenRegular is [OpenRegular] with the options of x.
func (x *FS) OpenRegular(name string) (*os.File, os.FileInfo, error) {
	f, err := x.openToRead(name, os.O_RDONLY|openNonblock)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = pathError("open", name, ErrNotRegular)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// openToRead opens name, and under NoFollow the last element of it in its
// directory, where no link is followed.
func (x *FS) openToRead(name string, flag int) (*os.File, error) {
	_, base := split(name)
	if !x.noFollow || base == "" || base == "." || base == ".." {
		f, err := x.sys.openName(name, flag)
		if err != nil {
			return nil, pathError("open", name, err)
		}
		return f, nil
	}
	d, base, err := x.parent(name)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	defer x.sys.closeDir(d)
	f, err := x.sys.open(d, base, name, flag, 0)
	if err != nil {
		return nil, pathError("open", name, err)
	}
	return f, nil
}
