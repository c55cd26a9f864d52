// The rename is tried, and its failure says what there was to rename.
package benign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func migrateProfile(old, new string) error {
	err := os.Rename(old, new)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
