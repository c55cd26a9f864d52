// The field names another file by then.
package benign

import (
	"os"
)

type rotator struct {
	path string
	n    int
}

func (r *rotator) next() { r.path += "+" }

func (r *rotator) rotate() error {
	if _, err := os.Stat(r.path); err != nil {
		r.next()
		return os.WriteFile(r.path, nil, 0o644)
	}
	return nil
}
