package races

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// The first call is content with a directory that is there, and the second, after the
// parents were made, is not: of two programs that start at once one fails.
func makeWithParents(dir string) error {
	err := os.Mkdir(dir, 0o755)
	switch {
	case err == nil, errors.Is(err, fs.ErrExist):
		return nil
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
			return err
		}
		return os.Mkdir(dir, 0o755) // want `existscreate: os.Mkdir fails if another process creates the directory`
	}
	return err
}
