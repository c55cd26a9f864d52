// A program that runs as root gives a directory in a user's home to the user. The
// user has put a link there: it is the link's target that becomes theirs.
package races

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

func prepareHome(name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	dir := filepath.Join(u.HomeDir, ".agent")
	if err := os.Mkdir(dir, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return os.Chown(dir, uid, -1) // want `resolveopen: os.Chown follows a symbolic link that the owner of the tree can put there`
}
