// Package staged makes a file that may be executed, and sets its mode when it is written. A
// fix has it appear whole, with its mode.
package staged

import (
	"io"
	"os"
)

func install(r io.Reader, path string) error {
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
	if err := os.Chmod(path, 0o711); err != nil { // want `comes late`
		return err
	}
	return nil
}
