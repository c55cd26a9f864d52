// The load is an absence check without a Stat.
package races

import (
	"crypto/ed25519"
	"crypto/rand"
	"os"
)

func loadOrGenerate(path string) (ed25519.PrivateKey, error) {
	seed, err := os.ReadFile(path)
	if err == nil {
		return ed25519.NewKeyFromSeed(seed), nil
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, key.Seed(), 0o600); err != nil { // want `existscreate: os.WriteFile truncates a file that another process creates after the os.ReadFile on line 11`
		return nil, err
	}
	return key, nil
}
