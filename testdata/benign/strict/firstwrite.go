// The directory must not exist yet, so the files in it are new: no old content
// is lost, and nobody knows of them before the directory is announced.
package benign

import (
	"encoding/json"
	"os"
	"path/filepath"
)

func makeBundle(base, id string, spec map[string]string) (string, error) {
	dir := filepath.Join(base, id)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	text, err := json.Marshal(spec)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "config.json"), text, 0o600); err != nil {
		return "", err
	}
	return dir, nil
}
