package a

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// load has a finding with a related position.
func load(path string) ([]byte, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return os.ReadFile(path)
}

// note has one with two fixes.
func note(path string) error {
	if _, err := os.Stat(path); err == nil {
		return fmt.Errorf("%s exists", path)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := fmt.Fprintln(f, "text"); err != nil {
		return err
	}
	return nil
}
