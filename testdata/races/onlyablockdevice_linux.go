// The type is asked of the system's own metadata.
package races

import (
	"errors"
	"os"
	"syscall"
)

func image(path string) (*os.File, error) {
	fi, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if fi.Sys().(*syscall.Stat_t).Mode&syscall.S_IFMT != syscall.S_IFBLK {
		return nil, errors.New("no block device")
	}
	return os.Create(path) // want `statopen: os.Create creates a regular file if another process removes the device, pipe or socket`
}
