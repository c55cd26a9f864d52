// The check decides only whether to create the file first. Both the creation
// and the open say what goes wrong.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func openJournal(path string) (*os.File, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		if err == nil {
			f.Close()
		}
	}
	return os.Open(path)
}
