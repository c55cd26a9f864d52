// The directory may be another user's, who then owns all that is put there.
package races

import (
	"os"
	"path/filepath"
)

func stateDir() (string, error) {
	dir := filepath.Join(os.TempDir(), "app")
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) { // want `tempname: os.Mkdir uses a name in the shared temporary directory that other users can predict: it accepts a directory`
		return "", err
	}
	return dir, nil
}
