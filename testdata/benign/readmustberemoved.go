// Absence is a failure when the file is read as well as when it is removed; or it is
// none at either.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func restoreOnce(path string, apply func([]byte) error) error {
	saved, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := apply(saved); err != nil {
		return err
	}
	return os.Remove(path)
}

func restoreAny(path string, apply func([]byte) error) error {
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
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func startNext(path string, start func() error) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	return start()
}
