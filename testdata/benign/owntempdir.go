// Nobody else knows a directory that was made for this run alone.
package benign

import (
	"os"
	"path/filepath"
)

func stage(files map[string][]byte) (string, error) {
	dir, err := os.MkdirTemp("", "stage-")
	if err != nil {
		return "", err
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			continue
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return "", err
		}
		if err := os.Chmod(path, 0o755); err != nil {
			return "", err
		}
	}
	return dir, nil
}
