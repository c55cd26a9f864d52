// A copy of a descriptor has a life of its own, so a second file may own it.

//go:build unix

package benign

import (
	"os"
	"syscall"
)

func copyOf(f *os.File) (*os.File, error) {
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}
