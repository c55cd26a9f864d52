// The directory for temporaries is often in memory: there is no rename from
// there to the disk.
package races

import (
	"io"
	"os"
)

func install(r io.Reader, path string) error {
	f, err := os.CreateTemp("", "install-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path) // want `tempname: os.Rename moves a temporary file to another directory, which fails if that directory is on another file system`
}
