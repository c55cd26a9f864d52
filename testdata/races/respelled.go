package races

import (
	"errors"
	"os"
	"path/filepath"
)

// The file is looked for by one spelling of its path, and created by another.
func newByAbsolutePath(name string) (*os.File, error) {
	if _, err := os.Stat(name); err == nil {
		return nil, errors.New("exists")
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	return os.Create(abs) // want `existscreate: os.Create truncates a file that another process creates`
}

// A helper respells it.
func createClean(name string) (*os.File, error) { return os.Create(filepath.Clean(name)) }

func newByHelper(name string) (*os.File, error) {
	if _, err := os.Stat(name); err == nil {
		return nil, errors.New("exists")
	}
	return createClean(name) // want `existscreate: createClean .os.Create. truncates a file that another process creates`
}

// The directory is looked for by its own path, and made by that of a file in it.
func newDirectory(dir string) error {
	file := filepath.Join(dir, "index")
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return os.Mkdir(filepath.Dir(file), 0o700) // want `existscreate: os.Mkdir fails if another process creates the directory`
	}
	return nil
}
