// The handle is there: its mode and its times can be set on it.
package races

import (
	"io"
	"os"
	"time"
)

func restore(path string, r io.Reader, modified time.Time) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return os.Chtimes(path, modified, modified) // want `pathreuse: os.Chtimes looks the path up again`
}
