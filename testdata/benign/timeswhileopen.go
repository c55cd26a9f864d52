// A handle has no method that sets the times, so there is nothing better than
// the path.
package benign

import (
	"io"
	"os"
	"time"
)

func restoreTimed(path string, r io.Reader, modified time.Time) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return os.Chtimes(path, modified, modified)
}
