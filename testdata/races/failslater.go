// A helper that returns nothing if the file has vanished comes before the use that fails. The
// finding is at the latter.
package races

import (
	"os"
	"strings"
)

func titleOf(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	title, _, _ := strings.Cut(string(text), "\n")
	return title
}

func render(path string) (string, error) {
	if _, err := os.Stat(path); err != nil {
		return "", nil
	}
	title := titleOf(path)
	text, err := os.ReadFile(path) // want `statopen: os.ReadFile fails if another process removes the file after the os.Stat on line 20`
	return title + string(text), err
}
