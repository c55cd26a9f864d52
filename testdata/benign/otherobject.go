// Two objects of one type have each a path of their own.
package benign

import "os"

type document struct{ path string }

func copyIfNew(from, to *document, data []byte) error {
	if _, err := os.Stat(from.path); err != nil {
		return os.WriteFile(to.path, data, 0o644)
	}
	return nil
}
