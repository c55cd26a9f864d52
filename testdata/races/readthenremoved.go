// A missing file is fine when it is read, and a failure when it is removed: of two
// processes that restore what it holds, the slower one fails with nothing left to do.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func restore(path string, apply func([]byte) error) error {
	saved, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := apply(saved); err != nil {
		return err
	}
	return os.Remove(path) // want `checkact: os.Remove fails if another process removes the file after the os.ReadFile on line 12, which handles its absence`
}

// What comes after may fail for reasons of its own, and absence is fine all the same.
func startFresh(path string, start func() error) error {
	if _, err := os.Stat(path); err == nil {
		if err := os.Remove(path); err != nil { // want `checkact: os.Remove fails if another process removes the file after the os.Stat on line 27`
			return err
		}
	}
	return start()
}
