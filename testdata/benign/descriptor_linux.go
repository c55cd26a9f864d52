package benign

import (
	"errors"
	"os"
	"syscall"
)

// The name is looked up beneath one directory and made beneath another.
func makeBeneathOther(from, to *os.File, name string) error {
	if err := syscall.Faccessat(int(from.Fd()), name, 0, 0); errors.Is(err, syscall.ENOENT) {
		return syscall.Mkdirat(int(to.Fd()), name, 0o700)
	}
	return nil
}

// What has appeared is as good as what was made.
func makeBeneath(dir *os.File, name string) error {
	if err := syscall.Faccessat(int(dir.Fd()), name, 0, 0); errors.Is(err, syscall.ENOENT) {
		if err := syscall.Mkdirat(int(dir.Fd()), name, 0o700); err != nil && !errors.Is(err, syscall.EEXIST) {
			return err
		}
	}
	return nil
}
