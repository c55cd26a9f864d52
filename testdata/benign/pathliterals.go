package benign

import (
	"errors"
	"io/fs"
	"os"
)

// The files that are written are others than the one that was looked for.
func writeExamples(cert, key string, data []byte) error {
	if _, err := os.Stat(cert); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for path := range map[string]bool{cert + ".example": true, key + ".example": true} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	for _, path := range []string{cert + ".1", key + ".1"} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// The slice gets more elements than those of the literal, so nothing is known of it.
func writeGrown(cert string, more []string, data []byte) error {
	if _, err := os.Stat(cert); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	paths := append([]string{cert + ".a"}, more...)
	for _, path := range paths {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
