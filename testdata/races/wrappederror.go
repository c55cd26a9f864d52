// The error is wrapped twice on its way out, by the defer too.
package races

import (
	"fmt"
	"os"
)

func parseOptional(path string) (n int, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("optional: %w", err)
		}
	}()
	if _, serr := os.Stat(path); serr != nil {
		return 0, nil
	}
	data, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file`
	if err != nil {
		return 0, fmt.Errorf("reading %s: %w", path, err)
	}
	return len(data), nil
}
