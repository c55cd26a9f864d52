// Made if need be, then opened as a root: what is beneath cannot lead out of
// it.
package benign

import "os"

func openData(dir string) (*os.Root, error) {
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
	}
	return os.OpenRoot(dir)
}
