// Once the file has another owner, he can put a link in its place: the mode is set
// on what that leads to (CVE-2015-1340).
package races

import "os"

func give(path string, uid, gid int, mode os.FileMode) error {
	if err := os.Lchown(path, uid, gid); err != nil {
		return err
	}
	return os.Chmod(path, mode) // want `checkact: os.Chmod follows a symbolic link that the new owner can put at the path after the os.Lchown on line 8`
}
