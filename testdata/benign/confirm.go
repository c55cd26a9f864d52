// The user is asked, and may say yes: the file is written either way.
package benign

import (
	"errors"
	"os"
)

func saveAs(path string, data []byte, confirm func(string) bool) error {
	if _, err := os.Stat(path); err == nil && !confirm(path) {
		return errors.New("not saved")
	}
	return os.WriteFile(path, data, 0o644)
}
