// What is there is edited, and an example is written where nothing is: over what has appeared
// in between, too. Who reads in any case is in benign/exampleover.go.
package races

import (
	"log"
	"os"
)

func tuned(path string, edit func([]byte) []byte) error {
	text := []byte("example: true\n")
	if _, err := os.Stat(path); err == nil {
		old, err := os.ReadFile(path)
		if err != nil {
			log.Print(err)
		}
		text = edit(old)
	}
	return os.WriteFile(path, text, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates`
}
