// Package guards has the functions by which a project asks whether a path lies
// within a directory.
package guards

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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

// Shown resolves, and compares the result with nothing.
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

// Ordinary refuses what is no regular file, links followed.
func Ordinary(path string) error { // want Ordinary:`checks\(0\) vets\(0\)`
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("no regular file")
	}
	return nil
}

// IsLink says.
func IsLink(path string) bool { // want IsLink:`checks\(0\)=type\(0\) vets\(0\)`
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&os.ModeSymlink != 0
}

// Owner tells whose it is.
func Owner(path string) (uint32, error) { // want Owner:`checks\(0\) vets\(0\)`
	var stat syscall.Stat_t
	if err := syscall.Lstat(path, &stat); err != nil {
		return 0, err
	}
	return stat.Uid, nil
}

// NoLinks refuses links on the way.
func NoLinks(root, path string) error { // want NoLinks:`walksWithin\(1\)`
	at := root
	for _, part := range strings.Split(strings.TrimPrefix(path, root), "/") {
		at = filepath.Join(at, part)
		if info, err := os.Lstat(at); err == nil && info.Mode()&os.ModeSymlink != 0 {
			return ErrOutside
		}
	}
	return nil
}

// Nearest asks the nearest directory that is there.
func Nearest(root, path string) (bool, error) { // want Nearest:`resolvesWithin\(1\)`
	at := path
	real, err := filepath.EvalSymlinks(at)
	for errors.Is(err, os.ErrNotExist) && at != filepath.Dir(at) {
		at = filepath.Dir(at)
		real, err = filepath.EvalSymlinks(at)
	}
	if err != nil {
		return false, err
	}
	return real == root || strings.HasPrefix(real, root+"/"), nil
}

// Entry is one file that was found to lie within a directory.
type Entry struct{ path string }

// Path is where it is.
func (e *Entry) Path() string { return e.path } // want Path:`result0\(0.path\)`

// NewEntry vets.
func NewEntry(root, name string) (*Entry, error) { // want NewEntry:`resolvesWithin`
	real, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(real, root+"/") {
		return nil, ErrOutside
	}
	return &Entry{path: real}, nil
}
