package atomicfix

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sys/windows"
)

const openNonblock = 0 // opening a file does not wait here

// hasOwners is false: owners are not looked at, and the DACL is kept as an
// attribute.
const hasOwners = false

func ownerOf(fs.FileInfo) (uid, gid int) { return 0, 0 }

// access looks at the read-only attribute only: what the DACL allows is known
// when the file is opened, and a DACL that forbids writing is copied.
func (kernel) access(d *dir, base string) error {
	info, err := d.root.Lstat(base)
	if err == nil && info.Mode().Perm()&0o200 == 0 {
		return syscall.EACCES
	}
	return err
}

// held2s repeats a call for up to two seconds while another process, usually a
// virus scanner or an indexer, has the file open in a way that forbids it.
func held2s(call func() error) error {
	const limit = 2 * time.Second
	start := time.Now()
	for delay := time.Millisecond; ; delay = min(2*delay, 100*time.Millisecond) {
		err := call()
		held := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
		if !held || time.Since(start) > limit {
			return err
		}
		time.Sleep(delay/2 + rand.N(delay)) // so that two who wait for each other part
	}
}

// rename replaces a file that others have open only if they allow that, which
// files opened by the os package do not.
func (kernel) rename(d *dir, from string, to *dir, base string) error {
	if info, err := to.root.Lstat(base); err == nil && (info.IsDir() || info.Mode().Perm()&0o200 == 0) {
		return renameTo(d, from, to, base) // no waiting will help
	}
	return held2s(func() error { return renameTo(d, from, to, base) })
}

// renameExcl is MoveFileEx without MOVEFILE_REPLACE_EXISTING. Beneath a root,
// where nothing may go by name, link takes its place.
func (kernel) renameExcl(d *dir, from string, to *dir, base string) error {
	if err := nameless(from, base); err != nil {
		return err
	}
	if d.path == "" || to.path == "" {
		return errors.ErrUnsupported
	}
	from16, err := windows.UTF16PtrFromString(filepath.Join(d.path, from))
	if err != nil {
		return err
	}
	to16, err := windows.UTF16PtrFromString(filepath.Join(to.path, base))
	if err != nil {
		return err
	}
	return held2s(func() error {
		err := windows.MoveFileEx(from16, to16, windows.MOVEFILE_WRITE_THROUGH)
		if _, lerr := to.root.Lstat(base); lerr == nil && errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return windows.ERROR_ALREADY_EXISTS // as it is called if a directory has the name
		}
		return err
	})
}

func (kernel) unlink(d *dir, base string) error {
	return held2s(func() error { return d.root.Remove(base) })
}

// syncDir does nothing: Windows has no call for that, and writes a rename
// through its journal.
func (kernel) syncDir(*dir) error { return nil }

// lock locks a byte far beyond any content, since a lock keeps others from
// reading what it covers.
func (kernel) lock(f *file, wait bool) error {
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK)
	if !wait {
		flags |= windows.LOCKFILE_FAIL_IMMEDIATELY
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
	if err == windows.ERROR_LOCK_VIOLATION || err == windows.ERROR_IO_PENDING {
		return errLocked
	}
	return err
}

func (kernel) keyOf(d *dir) (string, error) {
	f, err := d.root.Open(".")
	if err != nil {
		return "", err
	}
	defer f.Close()
	var info windows.ByHandleFileInformation
	err = windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info)
	return fmt.Sprint(info.VolumeSerialNumber, ":", info.FileIndexHigh, ":", info.FileIndexLow, "/"), err
}

func (kernel) unlock(f *file) error {
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 30})
}
