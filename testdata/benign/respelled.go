package benign

import (
	"errors"
	"os"
	"path/filepath"
)

// The working directory changes between the two: what is created is not the file
// that was looked for.
func newElsewhere(dir, name string, data []byte) error {
	if _, err := os.Stat(name); err == nil {
		return errors.New("exists")
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	return os.WriteFile(abs, data, 0o600)
}

// A name that is cleaned below the root is another one than the name itself.
func newBelow(root, name string, data []byte) error {
	if _, err := os.Stat(filepath.Join(root, name)); err == nil {
		return errors.New("exists")
	}
	return os.WriteFile(filepath.Join(root, filepath.Clean("/"+name)), data, 0o600)
}
