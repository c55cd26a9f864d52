// An entry that another process has removed since the listing ends the run.
package races

import (
	"os"
	"path/filepath"
)

func rotated(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		paths = append(paths, filepath.Join(dir, e.Name()))
	}
	return paths, nil
}

func pruneRotated(dir string) error {
	paths, err := rotated(dir)
	if err != nil {
		return err
	}
	for _, path := range paths[:len(paths)/2] {
		if err := os.Remove(path); err != nil { // want `walkrace: os.Remove fails the whole run if another process removes the entry that the rotated \(os.ReadDir\) on line 22 found`
			return err
		}
	}
	return nil
}
