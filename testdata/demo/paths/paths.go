// Package paths has small helpers for files.
package paths

import (
	"os"
	"path/filepath"
)

// Exists reports whether there is something at path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// ConfigDir returns the directory that the agent keeps its files in.
func ConfigDir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "agent"), nil
}
