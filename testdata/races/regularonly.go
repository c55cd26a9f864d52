// A link or a device is refused by its path, and followed when it is put there
// meanwhile.
package races

import (
	"errors"
	"io"
	"os"
)

func sendAttachment(path string, to io.Writer) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("not a regular file")
	}
	f, err := os.Open(path) // want `statopen: os.Open may open a different file than the one whose type was checked by the os.Lstat on line 12`
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}
