// Package files has helpers for other packages.
package files

import (
	"errors"
	"io/fs"
	"os"
)

// Exists reports whether there is something at path.
func Exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Write writes the file.
func Write(path string, data []byte) error { return os.WriteFile(path, data, 0o644) }

// WriteNew writes the file unless something is there.
func WriteNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
