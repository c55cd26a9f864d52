// A type parameter does not hide the path.
package races

import (
	"encoding/json"
	"os"
)

func ensureValue[T any](path string, initial T) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	data, err := json.Marshal(initial)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644) // want `existscreate: os.WriteFile truncates`
}

type pathLike interface{ ~string }

func existsAt[P pathLike](p P) bool {
	_, err := os.Stat(string(p))
	return err == nil
}

type blobPath string

func putBlobAt(p blobPath, data []byte) error {
	if existsAt(p) {
		return nil
	}
	return os.WriteFile(string(p), data, 0o644) // want `existscreate: os.WriteFile truncates a file that another process creates after the existsAt \(os.Stat\)`
}
