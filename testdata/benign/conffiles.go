// The program's own configuration directory, read file by file.
package benign

import (
	"os"
	"path/filepath"
)

func readParts(dir string, use func([]byte)) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.IsDir() || filepath.Ext(e.Name()) != ".conf" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		use(data)
	}
	return nil
}
