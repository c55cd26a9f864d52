package removed

import (
	"os"

	"github.com/spf13/afero"
)

// dropIn removes from a file system behind an interface, whose errors are those of os.
func dropIn(fs afero.Fs, path string) error {
	if _, err := fs.Stat(path); os.IsNotExist(err) {
		return nil
	}
	return fs.Remove(path) // want `fails if another process removes the file`
}
