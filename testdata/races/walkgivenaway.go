// A tree is given to another user, entry by entry, and the mode set again, since
// the change of owner takes away its special bits. The new owner of a directory
// puts a link in the place of what comes next.
package races

import (
	"io/fs"
	"os"
	"path/filepath"
)

func giveTree(dir string, uid, gid int) error {
	return filepath.Walk(dir, func(path string, info fs.FileInfo, err error) error {
		if err != nil {
			return err
		}
		if err := os.Lchown(path, uid, gid); err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil
		}
		return os.Chmod(path, info.Mode()) // want `checkact: os.Chmod follows a symbolic link that the new owner can put at the path after the os.Lchown on line 17`
	})
}
