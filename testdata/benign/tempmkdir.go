// A directory of a known name in the shared one: if somebody else has made it,
// the program does not go on.
package benign

import (
	"fmt"
	"os"
	"path/filepath"
)

func runtimeDir() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("app-%d", os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	return dir, nil
}
