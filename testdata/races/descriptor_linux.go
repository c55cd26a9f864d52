package races

import (
	"errors"
	"os"
	"syscall"
)

// A name is looked up beneath an open directory, twice by its descriptor: what has
// appeared in between fails the second call.
func makeBeneath(dir *os.File, name string) error {
	if err := syscall.Faccessat(int(dir.Fd()), name, 0, 0); errors.Is(err, syscall.ENOENT) {
		return syscall.Mkdirat(int(dir.Fd()), name, 0o700) // want `existscreate: syscall.Mkdirat fails if another process creates the directory`
	}
	return nil
}

// What has vanished fails the removal.
func removeBeneath(fd int, name string) error {
	if err := syscall.Faccessat(fd, name, 0, 0); errors.Is(err, syscall.ENOENT) {
		return nil
	}
	return syscall.Unlinkat(fd, name) // want `checkact: syscall.Unlinkat fails if another process removes the file`
}
