// What is removed under the lock is not the file of the lock.

//go:build unix

package benign

import (
	"os"
	"syscall"
)

func lockBeside(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func dropped(path string, do func() error) error {
	f, err := lockBeside(path + ".lock")
	if err != nil {
		return err
	}
	defer f.Close()
	defer os.Remove(path)
	return do()
}

type stateDir struct {
	path string
	lock *os.File
}

func (d *stateDir) open() (err error) {
	d.lock, err = lockBeside(d.path + "/lock")
	return err
}

func (d *stateDir) close() error {
	os.Remove(d.path + "/socket")
	return d.lock.Close()
}

// The name was claimed: nobody waits for the lock, and who comes finds it taken.
func claimedAndLocked(path string, do func() error) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	defer os.Remove(path)
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	return do()
}
