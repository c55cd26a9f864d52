// What is written has nothing to do with what is read where the file is found. An example
// over what has appeared is in races/exampleover.go.
package benign

import (
	"log"
	"os"
)

func replacedAnyway(path string, text []byte) error {
	if _, err := os.Stat(path); err == nil {
		old, err := os.ReadFile(path)
		log.Print(len(old), " bytes go ", err)
	}
	return os.WriteFile(path, text, 0o644)
}
