// The program's own root, its own home, and a tree that is opened before anything is
// done in it.
package benign

import (
	"os"
	"os/user"
	"path/filepath"
)

func ownRoot(name string) error {
	return os.MkdirAll(filepath.Join("/proc/self/root", name), 0o755)
}

func ownHome(uid int) error {
	u, err := user.Current()
	if err != nil {
		return err
	}
	return os.Chown(filepath.Join(u.HomeDir, ".agent"), uid, -1)
}

func intoTree(rootfs string, uid int) error {
	root, err := os.OpenRoot(rootfs)
	if err != nil {
		return err
	}
	defer root.Close()
	return root.Chown("etc/app", uid, uid)
}
