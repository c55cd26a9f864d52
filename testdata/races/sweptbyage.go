// Old entries are removed. Another process removes them as well, by its own clock
// or for its client: an entry that has gone in between ends the whole run, though
// what was to be done is done.
package races

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

func sweep(dir string, before time.Time) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		if info.ModTime().After(before) {
			return nil
		}
		return os.Remove(path) // want `walkrace: os.Remove fails the whole run if another process removes the entry that the filepath.WalkDir on line 14 found: treat fs.ErrNotExist as success`
	})
}
