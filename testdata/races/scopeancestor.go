// A method asks where the nearest directory that is there leads to, and answers
// with a bool and an error. The file is made by the name that was asked about: a
// link that is made since then leads the program out.
package races

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

type exported struct{ root string }

func (e *exported) inside(name string) (bool, error) {
	at := filepath.Join(e.root, name)
	real, err := filepath.EvalSymlinks(at)
	for errors.Is(err, fs.ErrNotExist) {
		above := filepath.Dir(at)
		if above == at {
			break
		}
		at = above
		real, err = filepath.EvalSymlinks(at)
	}
	if err != nil {
		return false, err
	}
	return real == e.root || strings.HasPrefix(real, e.root+"/"), nil
}

func (e *exported) vet(name string) error {
	ok, err := e.inside(name)
	if err != nil {
		return err
	}
	if !ok {
		return fs.ErrPermission
	}
	return nil
}

func (e *exported) mkdir(name string) error {
	if err := e.vet(name); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Join(e.root, name), 0o755) // want `resolveopen: os.MkdirAll follows a symbolic link out of the directory if one replaces the last element or a directory above it after the vet`
}

func (e *exported) move(from, to string) error {
	if e.vet(from) != nil || e.vet(to) != nil {
		return fs.ErrPermission
	}
	return os.Rename(filepath.Join(e.root, from), filepath.Join(e.root, to)) // want `resolveopen: os.Rename follows a symbolic link out of the directory if one replaces a directory above the last element`
}
