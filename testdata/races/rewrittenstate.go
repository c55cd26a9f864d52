// The state is encoded into the file that has just been truncated.
package races

import (
	"encoding/gob"
	"os"
)

type queue struct {
	stateFile string
	Jobs      []string
}

func (q *queue) restore() error {
	f, err := os.Open(q.stateFile)
	if err != nil {
		return err
	}
	defer f.Close()
	return gob.NewDecoder(f).Decode(q)
}

func (q *queue) persist() error {
	f, err := os.Create(q.stateFile) // want `tornwrite: os.Create truncates the file before it writes`
	if err != nil {
		return err
	}
	if err := gob.NewEncoder(f).Encode(q); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
