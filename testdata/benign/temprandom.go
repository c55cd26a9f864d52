// Nobody can guess the name.
package benign

import (
	"crypto/rand"
	"encoding/hex"
	"os"
	"path/filepath"
)

func exportAside(data []byte) (string, error) {
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return "", err
	}
	path := filepath.Join(os.TempDir(), "export-"+hex.EncodeToString(id[:]))
	return path, os.WriteFile(path, data, 0o600)
}
