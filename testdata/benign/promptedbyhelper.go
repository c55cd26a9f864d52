// The helper decides by the time of the file: one that appears is treated as it would be a
// moment later. One that has the user decide is in races/promptedbyhelper.go.
package benign

import (
	"os"
	"time"
)

func isOutdated(path string, since time.Time) bool {
	fi, err := os.Stat(path)
	return err != nil || fi.ModTime().Before(since)
}

func refresh(path string, since time.Time, data []byte) error {
	if !isOutdated(path, since) {
		return nil
	}
	return os.WriteFile(path, data, 0o644)
}
