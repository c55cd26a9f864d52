// The name that a helper found free is claimed exclusively: who comes late fails. A file that
// is truncated is in races/freenamejoined.go.
package benign

import (
	"fmt"
	"os"
	"path/filepath"
)

func unusedBase(dir, base string) string {
	name := base
	for i := 1; ; i++ {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return name
		}
		name = fmt.Sprintf("%d-%s", i, base)
	}
}

func attachNew(dir, base string) (*os.File, error) {
	name := unusedBase(dir, base)
	return os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}
