// No directory is no plugins; one that goes away meanwhile is a failure.
package races

import (
	"errors"
	"io/fs"
	"os"
)

func listPlugins(dir string) ([]string, error) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	entries, err := os.ReadDir(dir) // want `statopen: os.ReadDir fails if another process removes the directory`
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}
