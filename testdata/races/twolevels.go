// The answer of the check goes through two functions, and changes its form.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func statErr(path string) error {
	_, err := os.Stat(path)
	return err
}

func isMissing(path string) bool { return errors.Is(statErr(path), fs.ErrNotExist) }

func initialised(path string) bool { return !isMissing(path) }

func initOnce(path string) error {
	if initialised(path) {
		return nil
	}
	return os.WriteFile(path, nil, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the initialised \(os.Stat\)`
}
