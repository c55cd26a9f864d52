// Where a link is found, the program writes through it, as is meant: what is there is
// overwritten either way. A device that is demanded is in races/onlyadevice.go.
package benign

import "os"

func through(path string, data []byte) error {
	if fi, err := os.Lstat(path); err == nil && fi.Mode()&os.ModeSymlink != 0 {
		return os.WriteFile(path, data, 0o644)
	}
	return nil
}
