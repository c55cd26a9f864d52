// The handle is there, and its mode can be set on it: the path may lead to
// another file by now.
package races

import (
	"io"
	"os"
)

func rewriteShared(path string, r io.Reader) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return os.Chmod(path, 0o664) // want `pathreuse: os.Chmod looks up the path again`
}
