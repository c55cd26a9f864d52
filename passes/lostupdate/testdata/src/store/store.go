// Package store reads files, and replaces them whole.
package store

import (
	"os"
	"path/filepath"
)

// Load reads a file.
func Load(path string) ([]byte, error) { return os.ReadFile(path) }

// Save replaces a file.
func Save(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".save-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
