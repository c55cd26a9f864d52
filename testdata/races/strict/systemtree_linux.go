// A program that mounts writes into the tree of another system, which came from
// somebody else: a link in it leads through the program's own root.
package races

import (
	"os"
	"path/filepath"
	"syscall"
)

func nameServers(rootfs string, data []byte) error {
	return os.WriteFile(filepath.Join(rootfs, "etc/resolv.conf"), data, 0o644) // want `resolveopen: os.WriteFile follows a symbolic link that the owner of the tree can put there: use a method of os.Root`
}

func proc(rootfs string) error {
	return syscall.Mount("proc", filepath.Join(rootfs, "proc", "fs"), "proc", 0, "") // want `resolveopen: syscall.Mount follows a symbolic link that the owner of the tree can put there: open it with openat2 and RESOLVE_BENEATH`
}
