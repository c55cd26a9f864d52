// A store behind an interface: all of its implementations check and write the
// same path.
package races

import "os"

type store interface {
	Has(path string) bool
	Put(path string, data []byte) error
}

type dirStore struct{}

func (dirStore) Has(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (dirStore) Put(path string, data []byte) error { return os.WriteFile(path, data, 0o644) }

func putNew(s store, path string, data []byte) error {
	if s.Has(path) {
		return nil
	}
	return s.Put(path, data) // want `existscreate: Put \(os.WriteFile\) truncates`
}
