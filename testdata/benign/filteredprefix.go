// A prefix picks the files of one kind. It is no directory, and nothing is
// refused.
package benign

import (
	"os"
	"path/filepath"
	"strings"
)

func pruneLogs(dir, prefix string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
