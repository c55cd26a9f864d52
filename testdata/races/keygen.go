// Two processes that start at once each write a key, and one of them works
// with a key that is not on the disk.
package races

import (
	"crypto/rand"
	"encoding/hex"
	"os"
)

func ensureSecret(path string) error {
	if _, err := os.Stat(path); os.IsNotExist(err) {
		secret := make([]byte, 32)
		if _, err := rand.Read(secret); err != nil {
			return err
		}
		return os.WriteFile(path, []byte(hex.EncodeToString(secret)), 0o600) // want `existscreate: os.WriteFile truncates a file that another process creates after the os.Stat on line 12`
	}
	return nil
}
