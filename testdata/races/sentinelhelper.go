// The helper answers with an error of the package's own.
package races

import (
	"errors"
	"os"
)

var errNoRules = errors.New("no rules")

func hasRules(path string) error {
	if _, err := os.Stat(path); err != nil {
		return errNoRules
	}
	return nil
}

func readRules(path string) ([]byte, error) {
	if err := hasRules(path); err != nil {
		return nil, nil
	}
	return os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file`
}
