package races

import (
	"errors"
	"os"
)

// The file is written when the function ends, if it was not there when it began: what
// another program has written meanwhile is truncated.
func computedOnce(path string, compute func() (string, error)) (s string, err error) {
	data, err := os.ReadFile(path)
	if err == nil {
		return string(data), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	defer func() {
		if err == nil {
			err = os.WriteFile(path, []byte(s), 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
		}
	}()
	return compute()
}
