// The path is of a file that must not be there, or of a directory that gets one: a file that
// appears where nothing was found is truncated.
package races

import (
	"errors"
	"os"
	"path/filepath"
)

func initProjectAt(path string, text []byte) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return errors.New("exists")
	}
	if info != nil {
		path = filepath.Join(path, "project.yml")
	}
	return os.WriteFile(path, text, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
}
