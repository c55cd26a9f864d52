// A link is refused, and the directories above it are made: they are no matter of the check.
// What is written at the path itself is in races/linkhelper.go.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

func isSymlink(path string) bool {
	fi, err := os.Lstat(path)
	return err == nil && fi.Mode()&fs.ModeSymlink != 0
}

func makeParents(path string) error {
	if isSymlink(path) {
		return errors.New("a symbolic link")
	}
	return os.MkdirAll(filepath.Dir(path), 0o755)
}

func makeParentsBelow(dir, name string) error {
	path := filepath.Join(dir, name)
	if isSymlink(path) {
		return errors.New("a symbolic link")
	}
	return os.MkdirAll(filepath.Dir(path), 0o755)
}
