// The check only words the failure: without it, the open fails all the same.
package benign

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

func openInput(path string) (*os.File, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no such input: %s (did you run the import?)", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the input: %w", err)
	}
	return f, nil
}
