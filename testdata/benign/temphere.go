// Aside, in the directory of the target, or below one of its own: there is no name
// in the shared directory that another user could know.
package benign

import (
	"errors"
	"os"
	"path/filepath"
)

func traceInOwnDir(name string) (*os.File, error) {
	dir, err := os.MkdirTemp("", "trace-*")
	if err != nil {
		return nil, err
	}
	return os.Create(filepath.Join(dir, name+".trace"))
}

func replaceHere(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
