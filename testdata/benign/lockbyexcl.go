// A lock file that is created exclusively is held over both the check and the
// write.
package benign

import (
	"fmt"
	"os"
	"path/filepath"
)

func migrateOnce(dir string, schema []byte) error {
	lock := filepath.Join(dir, "migrate.lock")
	f, err := os.OpenFile(lock, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("another migration is running: %w", err)
	}
	defer os.Remove(lock)
	defer f.Close()

	path := filepath.Join(dir, "schema")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, schema, 0o644)
}
