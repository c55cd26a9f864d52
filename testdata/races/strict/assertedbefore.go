// Each round refuses a journal that is there, and then replaces one that has appeared.
package races

import (
	"errors"
	"os"
)

var errJournal = errors.New("there is a journal")

func queue(journal string, batches []string) error {
	for _, batch := range batches {
		if _, err := os.Stat(journal); err == nil {
			return errJournal
		}
		if err := os.Rename(batch, journal); err != nil { // want `existscreate: os.Rename replaces a file that another process creates after the os.Stat on line 13`
			return err
		}
	}
	return nil
}
