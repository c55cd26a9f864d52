// The inner path is another one than the outer one, by the same name.
package benign

import (
	"os"
	"path/filepath"
)

func copyUnless(path string, names []string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	for _, name := range names {
		path := filepath.Join("copies", name)
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			return err
		}
	}
	return nil
}
