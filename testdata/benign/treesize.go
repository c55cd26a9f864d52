// Statistics of a tree: what has changed meanwhile is counted or not.
package benign

import (
	"io/fs"
	"path/filepath"
)

func treeSize(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		n += info.Size()
		return nil
	})
	return n, err
}
