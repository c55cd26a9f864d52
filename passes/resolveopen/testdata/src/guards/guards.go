// Package guards has the functions by which a project asks whether a path lies
// within a directory.
package guards

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var ErrOutside = errors.New("outside")

// Check refuses.
func Check(root, path string) error { // want Check:`resolvesWithin\(1\)`
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(real, root+string(filepath.Separator)) {
		return ErrOutside
	}
	return nil
}

// Safe yields the path that it has resolved.
func Safe(root, name string) (string, error) { // want Safe:`resolvesWithin\(.*\)`
	real, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(root, real)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return "", fmt.Errorf("%s: outside", name)
	}
	return real, nil
}

// Within says.
func Within(root, path string) bool { // want Within:`confines\(1\)`
	rel, err := filepath.Rel(root, path)
	return err == nil && filepath.IsLocal(rel)
}

// Nested hands the question on.
func Nested(root, path string) error { // want Nested:`resolvesWithin\(1\)`
	return Check(root, path)
}

// Shown resolves, and holds the result against nothing.
func Shown(path string) (string, error) { // want Shown:`resolves\(0\)`
	return filepath.EvalSymlinks(path)
}

// Hidden asks for a prefix that is no directory.
func Hidden(name string) bool {
	return strings.HasPrefix(name, ".")
}

// Private refuses what others may change.
func Private(path string) error { // want Private:`checks\(0\) vets\(0\)`
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o022 != 0 {
		return errors.New("others may change it")
	}
	return nil
}

// Dir asks what it is, and not whose.
func Dir(path string) error { // want Dir:`checks\(0\)$`
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return errors.New("no directory")
	}
	return nil
}
