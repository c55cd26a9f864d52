// The time is looked up after the content was read: a change in between is
// never noticed.
package races

import (
	"io"
	"os"
	"time"
)

type rulesFile struct {
	path     string
	modified time.Time
	text     []byte
}

func (r *rulesFile) read() error {
	f, err := os.Open(r.path)
	if err != nil {
		return err
	}
	defer f.Close()
	if r.text, err = io.ReadAll(f); err != nil {
		return err
	}
	info, err := os.Stat(r.path) // want `pathreuse: os.Stat looks up the path again`
	if err != nil {
		return err
	}
	r.modified = info.ModTime()
	return nil
}
