// An entry that is gone ends the whole run, where one that had gone before would not have
// been in it. Who goes on is in benign/strict/entrygone.go.
package races

import (
	"io/fs"
	"os"
	"path/filepath"
)

func total(dir string) (sum int64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		info, err := e.Info() // want `walkrace: .*Info fails the whole run if another process removes the entry`
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}

func newest(dir string) (at int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info() // want `walkrace: .*Info fails the whole run if another process removes the entry`
		if err != nil {
			return err
		}
		at = max(at, info.ModTime().Unix())
		return nil
	})
	return at, err
}
