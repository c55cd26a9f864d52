// The size is asked by a helper, of the path, while the file is open.
package races

import (
	"io"
	"os"
)

func fileSize(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func send(path string, to func(int64, io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := fileSize(path) // want `pathreuse: fileSize \(os.Stat\) looks up the path again`
	if err != nil {
		return err
	}
	return to(size, f)
}
