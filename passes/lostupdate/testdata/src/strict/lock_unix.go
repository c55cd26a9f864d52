//go:build unix

package strict

import (
	"os"
	"syscall"
)

func locked(lock *os.File, path, line string) error {
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return replace(path, append(old, line...)) // nope: a file lock is held over both
}
