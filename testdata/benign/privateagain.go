// The directory is its owner's alone from the start; one that was there already is
// closed. A new one that is open for a moment is in races/mkdirthenprotect.go.
package benign

import "os"

func socketDirectory(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700)
}
