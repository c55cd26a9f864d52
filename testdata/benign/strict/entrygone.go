// An entry that is gone is passed over, as if it had gone before the listing. One that ends
// the whole run is in races/strict/entrygone.go.
package benign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

func totalOfThose(dir string) (sum int64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		sum += info.Size()
	}
	return sum, nil
}

func spoolThose(dir string, send func([]byte) error) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		job, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := send(job); err != nil {
			return err
		}
	}
	return nil
}
