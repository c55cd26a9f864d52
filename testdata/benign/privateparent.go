// The parent directory lets nobody else in, from the start.
package benign

import (
	"os"
	"path/filepath"
)

func writeInPrivate(root string, data []byte) error {
	dir, err := os.MkdirTemp(root, "private-")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "token")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	return os.Chmod(path, 0o600)
}
