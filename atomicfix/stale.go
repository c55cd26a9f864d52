package atomicfix

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"
)

// RemoveStale removes from the directory dir the files that killed processes have
// left there: temporaries of this package that belong to the caller, have not changed
// for age, and are not locked by a File that is in use. It returns the number of
// removed files, and the first error.
//
// A call such as [WriteFile], which has all the content at the start, takes no lock,
// so age must be longer than such a call takes. An hour is long enough. Lock files of
// [Update] stay. The other functions do not call RemoveStale, because they would
// have to read the directory for each write.
func RemoveStale(dir string, age time.Duration) (removed int, err error) {
	return std.RemoveStale(dir, age)
}

// RemoveStale is [RemoveStale] with the options of x.
func (x *FS) RemoveStale(dir string, age time.Duration) (removed int, err error) {
	d, err := x.sys.openDir(dir)
	if err != nil {
		return 0, pathError("open", dir, err)
	}
	defer x.sys.closeDir(d)
	names, err := x.sys.names(d)
	if err != nil {
		return 0, pathError("readdir", dir, err)
	}
	for _, base := range names {
		if !isTempName(base) {
			continue
		}
		gone, rerr := x.removeStale(d, base, time.Now().Add(-age))
		if rerr != nil && !absent(rerr) && err == nil {
			err = pathError("remove", dir, rerr)
		}
		if gone {
			removed++
		}
	}
	return removed, err
}

func isTempName(base string) bool {
	return len(base) == len(tempPrefix)+tempRandom+len(tempSuffix) &&
		strings.HasPrefix(base, tempPrefix) && strings.HasSuffix(base, tempSuffix)
}

// openStale opens a temporary to be locked. While it is synced it has the mode of the
// file to come, so its owner may be allowed only to read or only to write. Where both
// are allowed, both are used: for NFS a lock is of a file that is open for writing.
func (x *FS) openStale(d *dir, base string) (f *file, err error) {
	for _, flag := range []int{os.O_RDWR, os.O_RDONLY, os.O_WRONLY} {
		f, err = x.sys.open(d, base, base, flag|openNonblock, 0)
		if !errors.Is(err, fs.ErrPermission) {
			break
		}
	}
	return f, err
}

func (x *FS) removeStale(d *dir, base string, before time.Time) (removed bool, err error) {
	m, err := x.sys.lstat(d, base)
	if err != nil || !m.mine() || m.since().After(before) {
		return false, err
	}
	if !isLink(m) {
		if !m.mode.IsRegular() {
			return false, nil
		}
		f, err := x.openStale(d, base)
		if err != nil {
			return false, err
		}
		defer x.sys.close(f)
		if err := x.sys.claim(f); err == errLocked {
			return false, nil
		} else if err != nil && !unsupported(err) {
			return false, err
		}
	}
	// It may have been unlocked only now, to be renamed: see closeTemp.
	if now, err := x.sys.lstat(d, base); err != nil || !now.same(m) || now.since().After(before) {
		return false, err
	}
	err = x.sys.unlink(d, base)
	return err == nil, err
}
