// Who finds the entry half-written takes it for complete, for ever; and two
// that fill it at once write over each other.
package races

import (
	"io"
	"os"
	"path/filepath"
)

func cachedModule(dir, name string, fetch func() (io.ReadCloser, error)) (string, error) {
	path := filepath.Join(dir, name+".zip")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	body, err := fetch()
	if err != nil {
		return "", err
	}
	defer body.Close()
	f, err := os.Create(path) // want `existscreate: os.Create truncates`
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(f, body); err != nil {
		f.Close()
		return "", err
	}
	return path, f.Close()
}
