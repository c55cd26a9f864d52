// The file of a lock stays where it is, or whoever has the lock looks whether it is
// still that of the file with the name.

//go:build unix

package benign

import (
	"os"
	"syscall"
)

func lockOn(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
			f.Close()
			return nil, err
		}
		mine, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, err
		}
		if named, err := os.Stat(path); err == nil && os.SameFile(mine, named) {
			return f, nil
		}
		f.Close() // it was removed meanwhile: again
	}
}

func heldAndRemoved(path string, do func() error) error {
	f, err := lockOn(path)
	if err != nil {
		return err
	}
	defer f.Close()
	defer os.Remove(path)
	return do()
}
