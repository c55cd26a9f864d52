// Package known has what we know to miss in strict mode.
package known

import "os"

func temporary(data []byte, path string) error {
	f, err := os.CreateTemp("", "")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chmod(f.Name(), 0o644) // want `comes late`
}
