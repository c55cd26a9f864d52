// The size is of what the path leads to by now, and not of the file that is served.
package races

import (
	"io"
	"os"
)

func attachment(path string) (io.ReadCloser, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	fi, err := os.Lstat(path) // want `pathreuse: os.Lstat looks up the path again`
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, fi.Size(), nil
}
