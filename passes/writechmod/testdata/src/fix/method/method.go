// Package method sets the mode by the open file: what is open already in between, by others,
// stays open to them. A fix creates the file with the mode.
package method

import "os"

func private(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Chmod(0o600) // want `comes late`
}
