// The directory was empty, and is removed with all that is in it: what another process
// has put there meanwhile goes, too.
package races

import (
	"io/fs"
	"os"
	"path/filepath"
)

func dropEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return os.RemoveAll(dir) // want `checkact: os.RemoveAll removes files that another process creates in the directory after the os.ReadDir on line 12 found it empty`
	}
	return nil
}

func hasFiles(dir string) bool {
	some := false
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			some = true
			return fs.SkipAll
		}
		return nil
	})
	return some
}

func dropUnused(dirs []string) error {
	for _, dir := range dirs {
		if hasFiles(dir) {
			continue
		}
		if err := os.RemoveAll(dir); err != nil { // want `checkact: os.RemoveAll removes files that another process creates in the directory after the hasFiles \(filepath.WalkDir\) on line 36 found it empty`
			return err
		}
	}
	return nil
}
