// A lock that other processes honour is held over both the check and the
// write.

//go:build unix

package benign

import (
	"os"
	"path/filepath"
	"syscall"
)

func initStore(dir string) error {
	lock, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	file := filepath.Join(dir, "layout")
	if _, err := os.Stat(file); os.IsNotExist(err) {
		return os.WriteFile(file, []byte("v2\n"), 0o644)
	}
	return nil
}
