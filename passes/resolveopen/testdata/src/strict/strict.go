// Package strict has uses that depend on where a path was found to lead.
package strict

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"guards"
)

var errOutside = errors.New("outside")

func resolved(root, name string, data []byte) error {
	real, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return err
	}
	if real != root && !strings.HasPrefix(real, root+"/") {
		return errOutside
	}
	return os.WriteFile(real, data, 0o600) // want `os.WriteFile follows a symbolic link out of the directory if one replaces .*a directory above it after the strings.HasPrefix on line 23: use a method of os.Root`
}

// The path that was resolved is not the one that is opened.
func unresolvedUsed(root, path string) ([]byte, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, real)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return nil, fmt.Errorf("%s: outside", path)
	}
	return os.ReadFile(path) // want `os.ReadFile follows a symbolic link out of the directory if one replaces .*a directory above .* after the strings.HasPrefix on line 40: use os.OpenInRoot`
}

// The directory is resolved, and the last element is joined to it again.
func parentResolved(root, path string, data []byte) error {
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return err
	}
	if !strings.HasPrefix(dir+"/", root+"/") {
		return errOutside
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(path)), data, 0o600) // want `os.WriteFile follows a symbolic link out of the directory if one replaces .* after the strings.HasPrefix on line 52`
}

// A default, if it cannot be resolved, is the same path.
func resolvedIfThere(root, path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		real = filepath.Clean(path)
	}
	if !strings.HasPrefix(real, root) {
		return errOutside
	}
	return os.Remove(path) // want `os.Remove follows a symbolic link out of the directory if one replaces .* after the strings.HasPrefix on line 64`
}

func noLinkAbove(path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if real != filepath.Clean(path) {
		return errors.New("a link is on the way")
	}
	return os.Chmod(path, 0o600) // want `os.Chmod follows a symbolic link out of the directory if one replaces .* after the filepath.EvalSymlinks on line 71`
}

func guarded(root, path string) ([]byte, error) {
	if err := guards.Check(root, path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // want `os.ReadFile follows a symbolic link out of the directory if one replaces .*a directory above .* after the Check \(strings.HasPrefix\) on line 82: use os.OpenInRoot`
}

func guardedTwice(root, path string) error {
	if err := guards.Nested(root, path); err != nil {
		return err
	}
	return os.Remove(path) // want `after the Nested \(strings.HasPrefix\) on line 89`
}

func safe(root, name string, data []byte) error {
	path, err := guards.Safe(root, name)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600) // want `after the Safe \(strings.HasPrefix\) on line 96`
}

func within(root, path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if !guards.Within(root, real) {
		return errOutside
	}
	return os.Remove(real) // want `after the Within \(filepath.IsLocal\) on line 108`
}

// A handler has no error to return.
func handler(root string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		real, err := filepath.EvalSymlinks(filepath.Join(root, r.URL.Path))
		if err != nil || !strings.HasPrefix(real, root+"/") {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, real) // want `http.ServeFile follows a symbolic link out of the directory if one replaces .* after the strings.HasPrefix on line 118`
	}
}

// The use is in a helper.
func helped(root, path string) error {
	if err := guards.Check(root, path); err != nil {
		return err
	}
	return touch(path) // want `touch \(os.Create\) follows a symbolic link out of the directory if one replaces the last element or a directory above it after the Check`
}

func touch(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return f.Close()
}

// The text alone.
func extracted(dest, name string, data []byte) error {
	path := filepath.Join(dest, name)
	if !strings.HasPrefix(path, filepath.Clean(dest)+string(os.PathSeparator)) {
		return errOutside
	}
	return os.WriteFile(path, data, 0o644) // want `os.WriteFile follows symbolic links out of the directory, because the strings.HasPrefix on line 145 checks only the text of the path: use a method of os.Root`
}

func local(dest, name string, data []byte) error {
	if !filepath.IsLocal(name) {
		return errOutside
	}
	return os.WriteFile(filepath.Join(dest, name), data, 0o644) // want `os.WriteFile follows symbolic links out of the directory, because the filepath.IsLocal on line 152 checks only the text of the path`
}

// No link, but one that is made in between.
func unlinked(path string, data []byte) error {
	info, err := os.Lstat(path)
	if err == nil && info.Mode()&os.ModeSymlink != 0 {
		return errors.New("a link")
	}
	return os.WriteFile(path, data, 0o600) // want `os.WriteFile follows a symbolic link that replaces the file after the os.Lstat on line 160, which rejects links`
}

// The socket was the user's own.
func vetted(socket string) (net.Conn, error) {
	if err := guards.Private(socket); err != nil {
		return nil, err
	}
	return net.Dial("unix", socket) // want `net.Dial may act on a different object than the one that the Private \(os.Stat\) on line 169 checked`
}
