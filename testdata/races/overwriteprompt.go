// What appears in between is overwritten, and the user was not asked.
package races

import (
	"errors"
	"os"
)

func saveAs(path string, data []byte, confirm func(string) bool) error {
	if _, err := os.Stat(path); err == nil && !confirm(path) {
		return errors.New("not saved")
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates`
}
