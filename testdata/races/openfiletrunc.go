// O_CREATE with O_TRUNC is os.Create by another name.
package races

import (
	"io"
	"os"
)

func saveNew(path string, r io.Reader) error {
	if _, err := os.Lstat(path); err == nil {
		return os.ErrExist
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) // want `existscreate: os.OpenFile truncates a file that another process creates after the os.Lstat on line 10`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(f, r)
	return err
}
