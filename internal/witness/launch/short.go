package launch

import (
	"crypto/sha256"
	"encoding/hex"
)

// short returns a short name for a directory.
func short(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return hex.EncodeToString(sum[:5])
}
