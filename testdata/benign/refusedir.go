// A directory is refused for a nicer message: reading one fails anyway.
package benign

import (
	"fmt"
	"os"
)

func readDocument(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a directory", path)
	}
	return os.ReadFile(path)
}
