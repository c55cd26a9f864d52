package none

import (
	"errors"
	"io/fs"
	"os"
)

// The error is looked at again.
func again(path string) (err error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err = os.Remove(path); err != nil { // want `removes the file`
		return err
	}
	return err
}

// A value is computed before the removal.
func counted(path string, count func() int) (int, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	return count(), os.Remove(path) // want `removes the file`
}

// The program itself may have removed it.
func twice(path string, clean func(string)) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	clean(path)
	return os.Remove(path) // want `removes the file`
}
