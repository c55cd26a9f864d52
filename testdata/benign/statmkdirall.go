// Asking before os.MkdirAll is needless and harmless: it is content with a
// directory that has appeared since.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func ensureDir(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return nil
}

func ensureDirs(dirs []string) error {
	for _, dir := range dirs {
		_, err := os.Stat(dir)
		if os.IsNotExist(err) {
			err = os.MkdirAll(dir, 0o755)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
