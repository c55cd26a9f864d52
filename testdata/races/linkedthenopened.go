// A link is refused by its path, and what is there by then is read: it may be
// one.
package races

import (
	"fmt"
	"io/fs"
	"os"
)

func readNoLink(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, fmt.Errorf("%s: links are not followed", path)
	}
	return os.ReadFile(path) // want `statopen: os.ReadFile may open a different file than the one whose type was checked`
}
