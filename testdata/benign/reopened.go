// The old file is closed, and the path looked up on purpose: is there a new
// one?
package benign

import "os"

type follower struct {
	path string
	f    *os.File
}

func (w *follower) reopen() error {
	f, err := os.Open(w.path)
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, 2); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := os.Stat(w.path); err != nil {
		return err
	}
	w.f, err = os.Open(w.path)
	return err
}
