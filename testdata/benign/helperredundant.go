// A helper words the failure for several callers.
package benign

import (
	"fmt"
	"os"
)

func mustBeThere(path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("%s is missing: run setup first", path)
	}
	return nil
}

func schema(path string) ([]byte, error) {
	if err := mustBeThere(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}
