// What is there is removed, and the new file created exclusively: nobody
// else's file is written to, and no link is followed.
package benign

import (
	"os"
)

func recreate(path string) (*os.File, error) {
	if _, err := os.Lstat(path); err == nil {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}
