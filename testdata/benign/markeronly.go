// A marker is made where there was none, if that is possible: it is the same whoever makes it.
// One whose failure is the program's is in races/suffixtwice.go.
package benign

import (
	"log"
	"os"
)

func wiped(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.WriteFile(path, []byte("done"), 0o644); err != nil {
		log.Print(err)
	}
	return nil
}
