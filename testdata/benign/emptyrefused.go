// An empty file is refused for a nicer message: no harm comes of reading one.
package benign

import (
	"fmt"
	"os"
)

func readTemplate(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() == 0 {
		return "", fmt.Errorf("%s is empty", path)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}
