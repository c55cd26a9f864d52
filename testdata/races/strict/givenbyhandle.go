// A file in a directory of another user is given to that user, by its handle: the open may
// have found another file, or followed a link. One that is certainly new is in
// benign/strict/givenbyhandle.go.
package races

import (
	"os"
	"path/filepath"
)

func leave(home string, uid, gid int) error {
	f, err := os.OpenFile(filepath.Join(home, "README"), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Chown(uid, gid) // want `writechmod: .* comes late: the os.OpenFile on line 12 may have opened a file that it did not create`
}
