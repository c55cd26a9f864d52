// Two processes find the lock old. The second removes the one that the first
// has just taken.
package races

import (
	"errors"
	"os"
	"time"
)

func acquireStale(path string) error {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return f.Close()
		}
		if !errors.Is(err, os.ErrExist) {
			return err
		}
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > time.Hour {
			_ = os.Remove(path) // want `checkact: os.Remove may remove a different file than the one whose age was checked by the os.Stat on line 20`
		}
	}
}
