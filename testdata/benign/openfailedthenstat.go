// It is looked up again because it could not be opened: there is no handle to
// ask.
package benign

import (
	"fmt"
	"os"
)

func openExplained(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		if info, statErr := os.Stat(path); statErr == nil {
			return nil, fmt.Errorf("%w (its mode is %v)", err, info.Mode())
		}
		return nil, err
	}
	return f, nil
}
