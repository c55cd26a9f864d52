package races

import (
	"errors"
	"io/fs"
	"os"
)

// Certificate and key are made where one of them is missing. The paths are the keys
// of a map, the elements of a slice, or in the structs of one: of two programs that
// start at once each writes its own.
func missingFile(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

func writePairByMap(cert, key string, c, k []byte) error {
	if !missingFile(cert) || !missingFile(key) {
		return nil
	}
	for path, data := range map[string][]byte{cert: c, key: k} {
		if err := os.WriteFile(path, data, 0o600); err != nil { // want `existscreate:`
			return err
		}
	}
	return nil
}

func writePairBySlice(cert, key string, data []byte) error {
	if !missingFile(key) {
		return nil
	}
	for _, path := range []string{cert, key} {
		if err := os.WriteFile(path, data, 0o600); err != nil { // want `existscreate:`
			return err
		}
	}
	return nil
}

type pairFile struct {
	path string
	data []byte
}

func putPairFile(path string, data []byte) error { return os.WriteFile(path, data, 0o600) }

func writePairByStructs(cert, key string, c, k []byte) error {
	if !missingFile(cert) {
		return nil
	}
	for _, f := range []pairFile{{cert, c}, {key, k}} {
		if err := putPairFile(f.path, f.data); err != nil { // want `existscreate:`
			return err
		}
	}
	return nil
}
