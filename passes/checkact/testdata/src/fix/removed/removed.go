package removed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func returned(path string) error {
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return os.Remove(path) // want `removes the file`
}

// The result has a name, and so has the other one.
func named(path string) (n int, err error) {
	if _, err = os.Stat(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return 0, nil
		}
		return 0, err
	}
	n = 1
	return n, os.Remove(path) // want `removes the file`
}

func inside(path string) error {
	if exists(path) {
		if err := os.Remove(path); err != nil { // want `removes the file`
			return fmt.Errorf("end of session: %w", err)
		}
	}
	return nil
}

func assigned(path string) error {
	if !exists(path) {
		return nil
	}
	failed := os.Remove(path) // want `removes the file`
	if failed != nil {
		return failed
	}
	return nil
}
