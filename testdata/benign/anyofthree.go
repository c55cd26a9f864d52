// The first that can be opened is used.
package benign

import (
	"errors"
	"os"
)

func openFirst(paths ...string) (*os.File, error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if f, err := os.Open(path); err == nil {
			return f, nil
		}
	}
	return nil, errors.New("none of them can be opened")
}
