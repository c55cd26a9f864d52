// The directory of the program's own is resolved once, to have one spelling of
// it: nothing is refused.
package benign

import (
	"os"
	"path/filepath"
)

func openStore(dir string) ([]os.DirEntry, error) {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	return os.ReadDir(dir)
}
