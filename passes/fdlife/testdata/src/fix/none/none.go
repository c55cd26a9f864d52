//go:build unix

// Package none has files that are not to be kept by the way.
package none

import (
	"os"
	"syscall"
)

// The lock is to hold for longer than the call.
func locked(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH) // want `is the last use of its file`
}

type poller struct{ fds []int }

func (p *poller) add(fd int) { p.fds = append(p.fds, fd) }

// Whoever gets the number may keep it.
func given(p *poller, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	p.add(int(f.Fd())) // want `is the last use of its file`
	return nil
}

// One of two uses is a lock.
func both(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	fd := int(f.Fd()) // want `is the last use of its file`
	if err := syscall.Fsync(fd); err != nil {
		return err
	}
	return syscall.Flock(fd, syscall.LOCK_EX)
}

// There is no line for it after the call.
func loop(paths []string) error {
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		if err := syscall.Fsync(int(f.Fd())); err != nil { // want `is the last use of its file`
			return err
		}
	}
	return nil
}

// The variable holds another file later.
func again(a, b string) error {
	f, err := os.Open(a)
	if err != nil {
		return err
	}
	if err := syscall.Fsync(int(f.Fd())); err != nil { // want `is the last use of its file`
		return err
	}
	f, err = os.Open(b)
	if err != nil {
		return err
	}
	return f.Close()
}
