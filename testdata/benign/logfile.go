// A log that starts anew with each run.
package benign

import (
	"log"
	"os"
)

func startLog(path string) (*os.File, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	log.SetOutput(f)
	return f, nil
}
