// An entry that has gone is what was wanted, or the run goes on without it.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

func sweepOld(dir string, before time.Time) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || info.ModTime().After(before) {
			return nil
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

func sweepAll(paths []string) (failed error) {
	for _, path := range paths {
		if err := os.Remove(path); err != nil {
			failed = err
			continue
		}
	}
	return failed
}
