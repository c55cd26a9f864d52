// A directory of the program's own is renamed into place: over a file, or over a directory
// that has anything in it, that fails. A file that is renamed is in races/strict/refusedreplaced.go.
package benign

import (
	"errors"
	"os"
	"path/filepath"
)

func importTree(path string, fill func(dir string) error) error {
	stage, err := os.MkdirTemp(filepath.Dir(path), "import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	if err := fill(stage); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return errors.New("exists")
	}
	return os.Rename(stage, path)
}
