// Package strict has what depends on circumstances.
package strict

import (
	"errors"
	"io/fs"
	"os"
)

func linked(target, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.Symlink(target, path) // want `^os.Symlink fails if another process creates the path after the os.Lstat on line 11$`
}

func published(staged, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.Rename(staged, path) // want `os.Rename replaces a file that another process creates`
}

func kept(path string) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, os.ErrExist
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) // want `^os.OpenFile writes into a file that another process creates after the os.Stat on line 25$`
}

func idempotent(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return os.MkdirAll(dir, 0o755) // nope: harmless in strict mode, too
	}
	return nil
}

type quota struct{ left int64 }

func (q *quota) allows(size, freed int64) error {
	if size-freed > q.left {
		return os.ErrPermission
	}
	return nil
}

// The quota is given back what the file took that was there before.
func upload(q *quota, path string, size int64) (*os.File, error) {
	var freed int64
	if info, err := os.Stat(path); err == nil {
		freed = info.Size()
	}
	if err := q.allows(size, freed); err != nil {
		return nil, err
	}
	return os.Create(path) // want `^os.Create may overwrite a different file than the one whose size was checked by the os.Stat on line \d+$`
}

func create(path string, before int64) (*os.File, int64, error) {
	f, err := os.Create(path)
	return f, before, err
}

func replace(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	return create(path, info.Size()) // want `create \(os.Create\) may overwrite a different file`
}

func told(path string, tell func(int64)) (*os.File, error) {
	if info, err := os.Stat(path); err == nil {
		tell(info.Size())
	}
	return os.Create(path) // nope: the size is told, and nothing rests on it
}

func removedFirst(staged, path string) error {
	if _, err := os.Stat(path); err == nil {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return os.Rename(staged, path) // nope: nothing rests on its absence
}

// A file that is not there to be appended to is created, and truncated if another
// process has just begun it.
func journal(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // want `^os.OpenFile truncates what another process has written to the file since the os.OpenFile on line \d+$`
	}
	return f, err
}

func onto(staged, path string) error {
	if _, err := os.Stat(path); err == nil {
		return os.ErrExist
	}
	return os.Rename(staged, path) // want `^os.Rename replaces a file that another process creates after the os.Stat on line \d+$`
}
