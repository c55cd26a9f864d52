// The directory may be another user's, who then owns all that is put there.
package races

import (
	"os"
	"path/filepath"
)

func stateDir() (string, error) {
	dir := filepath.Join(os.TempDir(), "app")
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) { // want `tempname: os.Mkdir accepts a directory that another user has made under a name in the shared temporary directory`
		return "", err
	}
	return dir, nil
}
