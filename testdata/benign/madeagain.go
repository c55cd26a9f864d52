// Both calls are content with a directory that is there. Where the second one is not, it
// is in races/madeagain.go.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

func makeState(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}
