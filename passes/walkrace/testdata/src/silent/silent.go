// Package silent has what is left to strict mode.
package silent

import (
	"io/fs"
	"os"
	"path/filepath"
)

func protect(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chmod(path, 0o640)
	})
}
