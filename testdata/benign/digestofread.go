// The digest is of what was read.
package benign

import (
	"crypto/sha256"
	"os"
)

type page struct {
	text []byte
	sum  [sha256.Size]byte
}

func readPage(path string) (page, error) {
	data, err := os.ReadFile(path)
	return page{data, sha256.Sum256(data)}, err
}
