// The helper answers the other way round, and only for one error.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func ensureIndex(path string) error {
	if !missing(path) {
		return nil
	}
	return os.WriteFile(path, []byte("[]"), 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the missing \(os.Stat\) on line 16`
}
