// The directory was made for this run alone, by a helper.
package benign

import (
	"os"
	"path/filepath"
)

func scratchDir() (string, error) { return os.MkdirTemp("", "scratch-") }

func unpackOnce(names []string) error {
	dir, err := scratchDir()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, name := range names {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}
