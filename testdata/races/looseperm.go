// A key that others can read is refused; the file that is read may be another.
package races

import (
	"fmt"
	"os"
)

func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if perm := info.Mode().Perm(); perm&0o077 != 0 {
		return nil, fmt.Errorf("%s: mode %#o is too open", path, perm)
	}
	return os.ReadFile(path) // want `statopen: os.ReadFile may open a different file than the one whose mode was checked`
}
