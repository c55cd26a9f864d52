// The kind of the failure is asked of the error's own fields.
package races

import (
	"errors"
	"os"
	"syscall"
)

func ensureMarker(path string) error {
	_, err := os.Stat(path)
	if err == nil {
		return nil
	}
	if !errors.Is(err, syscall.ENOENT) {
		return err
	}
	return os.WriteFile(path, nil, 0o644) // want `existscreate: os.WriteFile truncates`
}
