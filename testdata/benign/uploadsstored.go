// Each upload gets a name of its own, and is told of when it is whole.
package benign

import (
	"io"
	"os"
	"path/filepath"
)

type uploads struct{ dir string }

func (u *uploads) put(id string, body io.Reader) error {
	f, err := os.Create(filepath.Join(u.dir, id))
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, body); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func (u *uploads) get(id string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(u.dir, id))
}
