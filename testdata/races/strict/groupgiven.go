// Until the owner is set, the group of the daemon may read the password.
package races

import (
	"errors"
	"os"
)

func passwordFor(path string, password []byte, uid, gid int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(password)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Chown(path, uid, gid) // want `writechmod: os.Chown comes late`
}
