// A helper opens the temporary once more and flushes it. It is the same file,
// whatever handle it is flushed through.
package benign

import (
	"errors"
	"os"
)

func flushFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func replaceFlushed(dir, path string, data []byte) error {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := flushFile(f.Name()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
