// A file that is refused if it is there is replaced if it appears. A directory that is renamed
// into place is in benign/stagedirectory.go.
package races

import (
	"errors"
	"os"
)

func moveTo(from, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return errors.New("exists")
	}
	return os.Rename(from, path) // want `existscreate: os.Rename replaces`
}
