// A log that is opened for appending and moved aside when the program starts is no
// temporary, whatever its new name is made of: what another process has appended to it
// is kept.
package benign

import (
	"os"
	"path/filepath"
)

func moveLogAside(dir, line string) error {
	name := filepath.Join(dir, "app.log")
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(line); err != nil {
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
	return os.Rename(name, filepath.Join(dir, "app.log.1"))
}
