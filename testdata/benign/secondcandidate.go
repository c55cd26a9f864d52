// Which of two files is used is decided by which one is there; the other one
// is named when neither is.
package benign

import (
	"os"
	"path/filepath"
)

func makefile(dir string) ([]byte, error) {
	path := filepath.Join(dir, "GNUmakefile")
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join(dir, "Makefile")
	}
	return os.ReadFile(path)
}
