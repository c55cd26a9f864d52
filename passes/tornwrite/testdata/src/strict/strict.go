// Package strict has what depends on circumstances.
package strict

import (
	"os"
	"path/filepath"
)

// Nothing reads it here, but its name says that somebody does.
func token(dir, token string) error {
	return os.WriteFile(filepath.Join(dir, "token"), []byte(token), 0o644) // want `truncates the file before it writes`
}

// Nothing but the directory says so.
func marker() error {
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, ".greeted"), nil, 0o644) // want `truncates the file before it writes`
}

func page(path string, text []byte) error {
	return os.WriteFile(path, text, 0o644) // nope: nothing tells that it is read back
}
