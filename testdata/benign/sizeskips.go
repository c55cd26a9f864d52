// The size decides only that there is nothing to do. What is there is removed whether
// or not it was found, and made anew exclusively.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func writeAnew(path string, data []byte) error {
	mode := os.FileMode(0o644)
	if fi, err := os.Lstat(path); err == nil && fi.Mode().IsRegular() {
		if len(data) == 0 && fi.Size() == 0 {
			return nil
		}
		mode = fi.Mode().Perm()
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
