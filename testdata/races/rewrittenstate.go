// The state is encoded into the file that has just been truncated.
package races

import (
	"encoding/gob"
	"os"
)

type jobQueue struct {
	stateFile string
	Jobs      []string
}

func (q *jobQueue) restore() error {
	f, err := os.Open(q.stateFile)
	if err != nil {
		return err
	}
	defer f.Close()
	return gob.NewDecoder(f).Decode(q)
}

func (q *jobQueue) persist() error {
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
