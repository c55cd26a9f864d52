// A file of a fixed name that is written whole and then moved to its place: two
// processes write to the same one.
package races

import (
	"os"
	"path/filepath"
)

func writeAside(dir string, data []byte) error {
	name := filepath.Join(dir, "app.new")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600) // want `tempname: os.OpenFile writes to a temporary file`
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(name, filepath.Join(dir, "app.db"))
}
