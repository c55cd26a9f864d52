// A helper finds a name that is free in a directory, and the caller joins the two again. A
// file that is made exclusively is in benign/freenamejoined.go.
package races

import (
	"fmt"
	"os"
	"path/filepath"
)

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func unusedName(dir, base string) string {
	name := base
	for i := 1; isThere(filepath.Join(dir, name)); i++ {
		name = fmt.Sprintf("%d-%s", i, base)
	}
	return name
}

func attach(dir, base string, data []byte) error {
	name := unusedName(dir, base)
	return os.WriteFile(filepath.Join(dir, name), data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
}
