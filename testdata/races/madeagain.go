// The first call is content with a directory that is there, the second one is not: of
// two processes that start together one fails.
package races

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

func makeCache(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	return os.Mkdir(dir, 0o700) // want `existscreate: os.Mkdir fails if `
}
