// Whether to overwrite is the user's choice, and O_EXCL keeps it.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

func exportTo(path string, overwrite bool) (*os.File, error) {
	flags := os.O_WRONLY | os.O_CREATE
	if overwrite {
		flags |= os.O_TRUNC
	} else {
		flags |= os.O_EXCL
	}
	if _, err := os.Stat(path); err == nil && !overwrite {
		return nil, errors.New("there is a file already")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return os.OpenFile(path, flags, 0o644)
}
