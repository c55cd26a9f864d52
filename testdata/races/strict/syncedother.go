// What the helper flushes is the old file, not the one that is renamed to it.
package races

import (
	"errors"
	"os"
)

func flushPath(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func replaceFlushingOld(dir, path string, data []byte) error {
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Close(), flushPath(path)); err != nil {
		return err
	}
	return os.Rename(f.Name(), path) // want `tempname: os.Rename publishes a file that was not synced`
}
