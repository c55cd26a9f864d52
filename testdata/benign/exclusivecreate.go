// The check saves work; O_EXCL decides.
package benign

import (
	"fmt"
	"os"
)

func claimName(path string) (*os.File, error) {
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%s is taken", path)
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}
