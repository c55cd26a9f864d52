// What a walk has found is handed over by its name, links followed.
package races

import (
	"os"
	"path/filepath"
)

func handOver(dir string, uid, gid int) error {
	return filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, uid, gid) // want `walkrace: os.Chown changes a different file if a symbolic link replaces the entry that the filepath.Walk on line 10`
	})
}
