// In each round one path is checked and written.
package races

import (
	"os"
	"path/filepath"
)

func unpackMissing(dir string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, data, 0o644); err != nil { // want `existscreate: os.WriteFile truncates`
			return err
		}
	}
	return nil
}
