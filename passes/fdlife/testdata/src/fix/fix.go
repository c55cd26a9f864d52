//go:build unix

// Package fix has files that can be kept alive.
package fix

import (
	"os"
	"syscall"
)

func flushed(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return syscall.Fsync(int(f.Fd())) // want `is the last use of its file`
}

// In a variable, and used more than once.
func changed(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // to change it
	if err != nil {
		return err
	}
	fd := int(f.Fd()) // want `is the last use of its file`
	if err := syscall.Ftruncate(fd, 10); err != nil {
		return err
	}
	return syscall.Fchmod(fd, 0o600)
}

// Asked twice: kept once.
func twice(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := syscall.Fchmod(int(f.Fd()), 0o600); err != nil {
		return err
	}
	return syscall.Fsync(int(f.Fd())) // want `is the last use of its file`
}

// What follows the open is the use itself.
func atOnce(path string) bool {
	f, _ := os.Open(path)
	if syscall.Fsync(int(f.Fd())) != nil { // want `is the last use of its file`
		return false
	}
	return true
}

// In a loop deferred calls would pile up.
func each(paths []string) error {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		err = syscall.Fsync(int(f.Fd())) // want `is the last use of its file`
		if err != nil {
			return err
		}
	}
	return nil
}

func inside(path string, really bool) error {
	if really {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return syscall.Fsync(int(f.Fd())) // want `is the last use of its file`
	}
	return nil
}
