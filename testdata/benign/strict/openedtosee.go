// The entry is opened to see whether that can be done, and closed: nothing is
// read, whatever it is by then.
package benign

import (
	"io/fs"
	"os"
	"path/filepath"
)

func allReadable(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Type()&(fs.ModeSymlink|fs.ModeNamedPipe) != 0 {
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		return f.Close()
	})
}
