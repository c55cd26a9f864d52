// The same lock, taken by a helper of the package.

//go:build unix

package benign

import (
	"os"
	"path/filepath"
	"syscall"
)

type storeDir struct{ dir string }

func (s *storeDir) lock() (unlock func() error, err error) {
	f, err := os.OpenFile(filepath.Join(s.dir, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return f.Close, nil
}

func (s *storeDir) init() error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	file := filepath.Join(s.dir, "layout")
	if _, err := os.Stat(file); os.IsNotExist(err) {
		return os.WriteFile(file, []byte("v2\n"), 0o644)
	}
	return nil
}
