// The file is closed: there is no handle left to set the times by.
package benign

import (
	"io"
	"os"
	"time"
)

func unpack(path string, r io.Reader, modified time.Time) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chtimes(path, modified, modified)
}
