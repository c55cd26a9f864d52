// A server that reloads in between finds a new certificate with an old key, or
// half of either.
package races

import (
	"encoding/pem"
	"os"
	"path/filepath"
)

type keyStore struct{ dir string }

func (s *keyStore) load() (cert, key []byte, err error) {
	if cert, err = os.ReadFile(filepath.Join(s.dir, "server.crt")); err != nil {
		return nil, nil, err
	}
	key, err = os.ReadFile(filepath.Join(s.dir, "server.key"))
	return cert, key, err
}

func (s *keyStore) renew(cert, key *pem.Block) error {
	if err := os.WriteFile(filepath.Join(s.dir, "server.crt"), pem.EncodeToMemory(cert), 0o644); err != nil { // want `tornwrite: os.WriteFile truncates`
		return err
	}
	return os.WriteFile(filepath.Join(s.dir, "server.key"), pem.EncodeToMemory(key), 0o600) // want `tornwrite: os.WriteFile truncates`
}
