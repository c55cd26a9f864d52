// A search for the first file that exists: who opens it handles its absence.
package benign

import (
	"os"
	"path/filepath"
)

func findUp(dir, name string) string {
	for {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
