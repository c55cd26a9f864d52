// The constructor vets a path and keeps it; what is opened is the field.
package races

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

type attachment struct {
	path string
	size int64
}

func newAttachment(dir, name string) (*attachment, error) {
	real, err := filepath.EvalSymlinks(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	if rel, err := filepath.Rel(dir, real); err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return nil, errors.New("outside")
	}
	return &attachment{path: real, size: -1}, nil
}

func sendAttachment(dir, name string, send func(*os.File) error) error {
	a, err := newAttachment(dir, name)
	if err != nil {
		return err
	}
	f, err := os.Open(a.path) // want `resolveopen: os.Open follows a symbolic link out of the directory .* after the newAttachment`
	if err != nil {
		return err
	}
	defer f.Close()
	return send(f)
}
