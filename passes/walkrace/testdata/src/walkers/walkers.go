// Package walkers walks with what others have written.
package walkers

import (
	"io/fs"
	"os"

	"github.com/charlievieth/fastwalk"
	"github.com/karrick/godirwalk"
	"github.com/spf13/afero"
)

func byOptions(dir string) error {
	return godirwalk.Walk(dir, &godirwalk.Options{
		Unsorted: true,
		Callback: func(path string, entry *godirwalk.Dirent) error {
			if entry.IsDir() {
				return nil
			}
			return os.Chmod(path, 0o644) // want `os.Chmod changes a different file if a symbolic link replaces the entry that the godirwalk.Walk on line 14 found`
		},
	})
}

func fast(dir string) error {
	return fastwalk.Walk(nil, dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chown(path, 0, 0) // want `os.Chown changes a different file if a symbolic link replaces the entry that the fastwalk.Walk on line 26 found`
	})
}

func abstract(fsys afero.Fs, dir string) error {
	return afero.Walk(fsys, dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		return os.Chmod(path, 0o644) // want `os.Chmod changes a different file if a symbolic link replaces the entry that the afero.Walk on line 35 found`
	})
}

func counted(dir string) (n int, err error) {
	err = godirwalk.Walk(dir, &godirwalk.Options{
		Callback: func(path string, entry *godirwalk.Dirent) error {
			n++ // nope: nothing is done to it
			return nil
		},
	})
	return n, err
}
