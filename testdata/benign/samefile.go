// Lstat, open, and hold the two against each other: the correct form where
// links are not to be followed.
package benign

import (
	"errors"
	"io/fs"
	"os"
)

var errSwapped = errors.New("the file was swapped")

func openNoLink(path string) (*os.File, error) {
	before, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if before.Mode()&fs.ModeSymlink != 0 {
		return nil, errSwapped
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	after, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	if !os.SameFile(before, after) {
		f.Close()
		return nil, errSwapped
	}
	return f, nil
}
