package races

import (
	"errors"
	"os"
	"strings"
)

var errNoRecord = errors.New("no record")

// A helper tells of absence by an error of the package's own.
func record(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, errNoRecord
	}
	return data, err
}

func recordOrNew(path string, fresh []byte) error {
	_, err := record(path)
	if err == errNoRecord {
		return os.WriteFile(path, fresh, 0o600) // want `existscreate:`
	}
	return err
}

// A helper knows absence by the text of an error.
func saysMissing(err error) bool {
	return err != nil && strings.Contains(err.Error(), "no such file")
}

func newUnlessFound(path string, fresh []byte) error {
	_, err := os.Stat(path)
	if saysMissing(err) {
		return os.WriteFile(path, fresh, 0o600) // want `existscreate:`
	}
	return err
}
