// A loop over an operation that is exclusive: the check only skips names that
// cannot be had.
package benign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func newNumbered(dir string) (*os.File, error) {
	for i := range 1000 {
		path := filepath.Join(dir, fmt.Sprintf("part-%03d", i))
		if _, err := os.Stat(path); err == nil {
			continue
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return f, err
	}
	return nil, errors.New("no free name")
}
