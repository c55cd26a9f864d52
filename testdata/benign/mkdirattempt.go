// Attempt first, and handle what is there: the correct form.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func ensureSpool(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.Mkdir(dir, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
