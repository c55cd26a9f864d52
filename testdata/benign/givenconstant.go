// A constant argument decides that the callee does not touch the file. A caller that does
// not know is in races/givenconstant.go.
package benign

import (
	"errors"
	"os"
	"path/filepath"
)

func noticed(dir string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, "notice.json")) }

func logIn(notice string, text []byte) error {
	if notice == "" {
		return nil
	}
	return os.WriteFile(notice, text, 0o644)
}

func logInQuietly(text []byte) error { return logIn("", text) }

func dropIf(path string, really bool) error {
	if really {
		return os.Remove(path)
	}
	return nil
}

func dropNothing(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return dropIf(path, false)
}
