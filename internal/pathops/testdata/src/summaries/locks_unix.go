//go:build unix

package summaries

import (
	"os"
	"path/filepath"
	"syscall"
)

func Lock(dir string) (*os.File, error) { // want Lock:`^createsOrKeeps\(filepath.Join\(0, "lock"\)\) locks$`
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	return f, syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}
