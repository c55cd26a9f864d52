// The file that is measured may be another one than the one that is open.
package races

import (
	"io"
	"os"
)

func uploadSized(path string, put func(io.Reader, int64) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := os.Stat(path) // want `pathreuse: os.Stat looks up the path again and may find a different file than the one that the os.Open on line 10 opened`
	if err != nil {
		return err
	}
	return put(f, info.Size())
}
