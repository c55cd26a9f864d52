// Package a holds what nothing is said of, even in strict mode, and what the
// default level leaves to it.
package a

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"guards"
)

var errOutside = errors.New("outside")

// To be shown.
func shown(path string) ([]byte, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil && real != path {
		fmt.Println(path, "->", real)
	}
	return os.ReadFile(path)
}

// Compared with nothing.
func resolvedOnly(path string) ([]byte, error) {
	real, err := guards.Shown(path)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(real)
}

// Both arms go on.
func relativeIfWithin(root, path string, data []byte) error {
	name := path
	if strings.HasPrefix(path, root) {
		name = "…"
	}
	fmt.Println(name)
	return os.WriteFile(path, data, 0o600)
}

// The text alone, before a read.
func readWithin(root, name string) ([]byte, error) {
	path := filepath.Join(root, name)
	if !strings.HasPrefix(path, root+"/") {
		return nil, errOutside
	}
	return os.ReadFile(path)
}

// A filter on names.
func removeMatching(dir, prefix string, names []string) error {
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) || guards.Hidden(name) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// Another path.
func another(root, path, other string) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	return os.Remove(other)
}

// Beneath a root.
func rooted(root *os.Root, name string, data []byte) error {
	if !filepath.IsLocal(name) {
		return errOutside
	}
	return root.WriteFile(name, data, 0o600)
}

// What was opened is held against what was found.
func compared(root, path string) (*os.File, error) {
	if err := guards.Check(root, path); err != nil {
		return nil, err
	}
	before, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) {
		f.Close()
		return nil, errOutside
	}
	return f, nil
}

// The link is not followed.
func notFollowed(root, path string) (*os.File, error) {
	if err := guards.Check(root, path); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
}

// A temporary of the program's own.
func ownTemporary(name string, data []byte) error {
	dir, err := os.MkdirTemp("", "x")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, name)
	if !strings.HasPrefix(path, dir+"/") {
		return errOutside
	}
	return os.WriteFile(path, data, 0o600)
}

// A directory is asked for, and nothing about it.
func intoDir(dir string, data []byte) error {
	if err := guards.Dir(dir); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}

// The text alone, before a file that must be new.
func newWithin(root, name string) (*os.File, error) {
	path := filepath.Join(root, name)
	if !strings.HasPrefix(path, root+"/") {
		return nil, errOutside
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}
