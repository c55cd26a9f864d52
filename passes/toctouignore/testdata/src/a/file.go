//toctou:ignore the directory is private to this process

package a

import "os"

func inFile(path string) error {
	if _, err := os.Stat(path); err != nil {
		return os.WriteFile(path, nil, 0o600)
	}
	return nil
}
