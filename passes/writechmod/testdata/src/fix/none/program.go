package none

import (
	"io"
	"os"
)

// install makes a program of the copy: with its mode from the first it could be run before
// it is whole.
func install(path string, r io.Reader) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(path, 0o700) // want `comes late`
}
