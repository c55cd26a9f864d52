// A helper proposes a free name; the file is then created with O_EXCL.
package benign

import (
	"fmt"
	"os"
)

func freeName(base string) string {
	for i := 1; ; i++ {
		name := fmt.Sprintf("%s-%d", base, i)
		if _, err := os.Stat(name); err != nil {
			return name
		}
	}
}

func createFree(base string) (*os.File, error) {
	name := freeName(base)
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}
