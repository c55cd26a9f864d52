// Package strict has what depends on circumstances.
package strict

import (
	"errors"
	"os"
)

// Whether the kind of file matters depends on who owns the directory.
func regular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	return os.ReadFile(path) // want `^os.ReadFile may open another file than the one whose type was checked by the os.Stat on line 11$`
}

func missingIsDefault(path string) ([]byte, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `fails if the file vanishes`
}

func handled(path string) []byte {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	data, _ := os.ReadFile(path) // nope: harmless in strict mode, too
	return data
}
