// A cache entry that is removed although it has just been made anew is made
// once more.
package benign

import (
	"os"
	"path/filepath"
	"time"
)

func evict(dir string, names []string, before time.Time) {
	for _, name := range names {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.ModTime().Before(before) {
			os.Remove(path)
		}
	}
}
