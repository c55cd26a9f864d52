// The look at the end of each round is about what that round has left, and a file would
// be a mistake of the program's own. One that comes first is in
// races/strict/assertedbefore.go.
package benign

import (
	"errors"
	"os"
)

var errLeft = errors.New("the journal is still there")

func apply(journal string) error { return os.Remove(journal) }

func applyAll(journal string, batches []string) error {
	for _, batch := range batches {
		if err := os.Rename(batch, journal); err != nil {
			return err
		}
		if err := apply(journal); err != nil {
			return err
		}
		if _, err := os.Stat(journal); err == nil {
			return errLeft
		}
	}
	return nil
}
