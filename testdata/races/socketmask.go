package races

import (
	"errors"
	"os"
)

// A socket that was left behind is removed. If another process removes it first, the
// removal fails, though nothing is left to do.
func removeSocket(path string) error {
	fi, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if fi.Mode()&os.ModeSocket == 0 {
		return errors.New("no socket")
	}
	return os.Remove(path) // want `checkact: os.Remove fails if another process removes the file`
}
