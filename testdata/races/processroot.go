// A directory is made, and given away, below the root of a process in a container.
// An absolute link there leads through the program's own root.
package races

import (
	"fmt"
	"os"
	"path/filepath"
)

type container struct{ pid int }

func (c container) root() string { return fmt.Sprintf("/proc/%d/root", c.pid) }

func (c container) shareSocket(dir string, uid int) error {
	target := filepath.Join(c.root(), dir)
	if err := os.MkdirAll(target, 0o755); err != nil { // want `resolveopen: os.MkdirAll follows a symbolic link that the owner of the tree can put there: use a method of os.Root`
		return err
	}
	return os.Chown(target, uid, uid) // want `resolveopen: os.Chown follows a symbolic link that the owner of the tree can put there: use a method of os.Root`
}
