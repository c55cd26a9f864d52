// Package guarded has uses that depend on where a path was found to lead, and what
// is reported of them by default.
package guarded

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"guards"
)

func resolved(root, name string, data []byte) error {
	real, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(real, root+"/") {
		return errors.New("outside")
	}
	return os.WriteFile(real, data, 0o600) // want `os.WriteFile follows a symbolic link out of the directory if one replaces the last element or a directory above it after the strings.HasPrefix on line 22: use a method of os.Root`
}

func removed(root, path string) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	return os.Remove(path) // want `os.Remove follows a symbolic link out of the directory if one replaces a directory above the last element after the Check \(strings.HasPrefix\) on line 29: use a method of os.Root`
}

func walked(root, path string) ([]byte, error) {
	if err := guards.NoLinks(root, path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // want `os.ReadFile follows a symbolic link out of the directory .* after the NoLinks \(os.Lstat\) on line 36: use os.OpenInRoot`
}

// An answer of two results, in a handler that answers with no error.
func nearest(root string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path := filepath.Join(root, r.URL.Path)
		if ok, err := guards.Nearest(root, path); err != nil || !ok {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		os.MkdirAll(path, 0o755) // want `os.MkdirAll follows a link`
	}
}

// The next one.
func each(root string, paths []string) (n int, err error) {
	for _, path := range paths {
		if ok, _ := guards.Nearest(root, path); !ok {
			continue
		}
		if err := os.RemoveAll(path); err != nil { // want `os.RemoveAll follows a link`
			return n, err
		}
		n++
	}
	return n, nil
}

// The path is in what the constructor returns.
func entry(root, name string) (*os.File, error) {
	e, err := guards.NewEntry(root, name)
	if err != nil {
		return nil, err
	}
	return os.Create(e.Path()) // want `os.Create follows a link`
}

// A directory of the vetted path, and a file in it.
func around(root, path string, data []byte) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // want `os.MkdirAll follows a link`
		return err
	}
	return os.WriteFile(filepath.Join(path, "index"), data, 0o644) // want `os.WriteFile follows a link`
}

// The directory is taken off, and put back.
func stripped(root, path string) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	name := strings.TrimPrefix(path, root)
	return os.Chmod(filepath.Join(root, name), 0o600) // want `os.Chmod follows a link`
}

// Another directory: nothing was asked about it.
func copied(root, other, path string, data []byte) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(other, name), data, 0o600)
}

// Either way something is done to it: a choice.
func chosen(root, path string) ([]byte, error) {
	if ok, _ := guards.Nearest(root, path); ok {
		return os.ReadFile(path)
	}
	return nil, os.Remove(path)
}

func unlinked(path string, data []byte) error {
	if guards.IsLink(path) {
		return errors.New("a link")
	}
	return os.WriteFile(path, data, 0o600) // want `os.WriteFile follows a symbolic link that replaces the file after the IsLink \(os.Lstat\) on line \d+, which rejects links: open it with O_NOFOLLOW`
}

// A link in the last element is not followed.
func linkRemoved(path string) error {
	if guards.IsLink(path) {
		return errors.New("a link")
	}
	return os.Remove(path)
}

func owned(path string) error {
	uid, err := guards.Owner(path)
	if err != nil {
		return err
	}
	if uid != 0 {
		return errors.New("somebody else's")
	}
	return exec.Command(path).Run() // want `Command may act on a different object than the one that the Owner \(syscall.Lstat\) on line \d+ checked: open it first, then check the open file`
}

// The kernel refuses a link.
func notFollowed(path string) (*os.File, error) {
	if guards.IsLink(path) {
		return nil, errors.New("a link")
	}
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
}

// What is called asks again: that is the race.
func again(root, path string) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	return removed(root, path)
}
