// A file is made in a tree, closed, and mounted on by its name: what is there by
// then, a link say, is followed.
package races

import (
	"os"
	"path/filepath"
	"syscall"
)

func bindHosts(root, source string) error {
	target := filepath.Join(root, "hosts")
	f, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	f.Close()
	return syscall.Mount(source, target, "", syscall.MS_BIND, "") // want `resolveopen: syscall.Mount may act on a different object than the one that the os.OpenFile on line 13 created: keep that open, and mount on /proc/self/fd`
}
