// A hook that is not there is skipped; one that vanishes fails the command.
package races

import (
	"os"
	"path/filepath"
)

type hooks struct {
	dir string
}

func (h hooks) path(name string) string { return filepath.Join(h.dir, name+".tmpl") }

func (h hooks) text(name string) (string, error) {
	if _, err := os.Stat(h.path(name)); err != nil {
		if os.IsNotExist(err) {
			return "", nil
		}
		return "", err
	}
	data, err := os.ReadFile(h.path(name)) // want `statopen: os.ReadFile fails if another process removes the file`
	return string(data), err
}
